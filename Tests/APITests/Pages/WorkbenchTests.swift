import Foundation
import HTTP
import Page
import Store
import TestSupport
import Testing

@Suite struct WorkbenchTests {
    private static let folder = TestFiles.repository.appending(path: "Sources/Page")

    /// The files of the page in the repository, by path.
    private static func sources() throws -> [String: [UInt8]] {
        let paths = FileManager.default.enumerator(atPath: folder.path)?.allObjects.compactMap { $0 as? String } ?? []
        let files = try paths.filter { !$0.hasSuffix(".swift") }.compactMap { path -> (String, [UInt8])? in
            let url = folder.appending(path: path)
            guard try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { return nil }
            return (path, Array(try Data(contentsOf: url)))
        }
        return Dictionary(uniqueKeysWithValues: files)
    }

    @Test func `every file of the page is served with its type, for good, and without a token`() async throws {
        let fixture = try APIFixture()
        _ = try await fixture.token("ana", .admin)
        var sources = try Self.sources()
        #expect(sources.removeValue(forKey: "index.html") != nil)
        #expect(Set(sources.keys) == Set(PageFiles.loaded.map(\.path)))
        let types = [
            "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml",
            "png": "image/png",
        ]
        for (path, bytes) in sources {
            let target = "/page/\(PageFiles.version)/\(path)"
            let reply = try await fixture(.get, target)
            #expect(reply.status == 200 && reply.body == bytes, "\(path) is not served as it is: has it a line end?")
            let type = types[String(path.split(separator: ".").last ?? "")]
            #expect(type != nil && reply.headers["Content-Type"] == type, "\(path)")
            #expect(reply.headers["Cache-Control"]?.contains("immutable") == true, "\(path)")
            #expect(reply.headers["X-Content-Type-Options"] == "nosniff", "\(path)")
            let head = try await fixture(.head, target)
            #expect(head.status == 200 && head.headers["ETag"] == reply.headers["ETag"], "\(path)")
        }
    }

    @Test func `the page is asked for again each time, and sent only when it has changed`() async throws {
        let fixture = try APIFixture()
        let page = try await fixture(.get, "/")
        let tag = try #require(page.headers["ETag"])
        #expect(page.headers["Cache-Control"] == "private, no-cache")
        #expect(try await fixture(.get, "/", headers: ["If-None-Match": tag]).status == 304)
        let packed = try await fixture(.get, "/", headers: ["Accept-Encoding": "gzip, deflate"])
        #expect(packed.headers["Content-Encoding"] == "gzip" || page.body.count < 1024)
        #expect(packed.headers.all("Vary").contains("Accept-Encoding"))
    }

    @Test func `files of another version are not taken for those of this one`() async throws {
        let fixture = try APIFixture()
        let other = String(repeating: "0", count: PageFiles.version.count)
        for file in PageFiles.loaded {
            #expect(try await fixture(.get, "/page/\(other)/\(file.path)").status == 404)
            #expect(try await fixture(.get, "/page/\(file.path)").status == 404)
        }
    }

    @Test func `what the page names is there, whatever the prefix of a proxy`() async throws {
        let fixture = try APIFixture()
        let page = try await fixture(.get, "/")
        let links = page.text.matches(of: #/(?:href|src)="([^"#]*)"/#).map { String($0.1) }
        #expect(links.contains { $0.hasPrefix("page/") })
        for link in links {
            #expect(!link.hasPrefix("/") && !link.contains(":"), "\(link) is not relative")
            #expect(try await fixture(.get, "/\(link)").status == 200, "\(link)")
        }
    }

    @Test func `no text of the page or of a file becomes a script, and nothing comes from elsewhere`() async throws {
        let fixture = try APIFixture()
        let targets = ["/"] + PageFiles.loaded.map { "/page/\(PageFiles.version)/\($0.path)" }
        for target in targets {
            let policy = try await fixture(.get, target).headers["Content-Security-Policy"] ?? ""
            for part in [
                "default-src 'none'", "script-src 'self'", "connect-src 'self'", "worker-src 'self'", "base-uri 'none'",
                "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'",
                "trusted-types slicewise",
            ] { #expect(policy.contains(part), "\(target) allows more than \(part)") }
            #expect(!policy.contains("unsafe"))
        }
        let page = try await fixture(.get, "/")
        #expect(page.headers["X-Frame-Options"] == "DENY" && page.headers["Referrer-Policy"] == "no-referrer")
        #expect(!page.text.contains("<style") && !page.text.contains(" style="), "inline styles are not allowed")
        #expect(page.text.matches(of: #/<script(?![^>]*src=)/#).isEmpty, "inline scripts are not allowed")
        #expect(page.text.matches(of: #/<[^>]*\son[a-z]+=/#).isEmpty, "handlers in attributes are not allowed")
        for file in PageFiles.loaded where file.path.hasSuffix(".js") {
            let text = String(decoding: file.bytes, as: UTF8.self)
            #expect(text.matches(of: #/https?:\/\/(?!www\.w3\.org\/)/#).isEmpty, "\(file.path) names another site")
        }
    }
}
