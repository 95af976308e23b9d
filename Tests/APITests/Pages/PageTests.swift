import HTTP
import JSON
import Store
import TestSupport
import Testing

@Suite struct PageTests {
    private static let browser: Headers = ["Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"]

    /// Where the links of a page lead, seen from its path.
    private func targets(of page: Reply, at path: String) -> [String] {
        page.text.matches(of: #/href="([^"#]+)"/#).map { match in
            var parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().dropLast()
            var rest = String(match.1)[...]
            while rest.hasPrefix("../") || rest.hasPrefix("./") {
                if rest.hasPrefix("../") { _ = parts.popLast() }
                rest = rest[rest.index(after: rest.firstIndex(of: "/") ?? rest.startIndex)...]
            }
            return "/" + (parts + [rest]).joined(separator: "/")
        }
    }

    private func isClosed(_ page: Reply) -> Bool {
        let policy = page.headers["Content-Security-Policy"] ?? ""
        return policy.contains("default-src 'none'") && !policy.contains("unsafe") && !page.text.contains("<script")
            && !page.text.contains("http-equiv") && !page.text.contains("src=")
    }

    @Test func `the links of the page without scripts lead somewhere, without tokens and with one`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        let open = try await fixture(.get, "/start", headers: Self.browser)
        let headers = try await fixture.token("ana", .admin)
        for (page, headers) in [(open, headers), (try await fixture(.get, "/start", headers: headers), headers)] {
            let links = targets(of: page, at: "/start")
            #expect(isClosed(page))
            #expect(Set(links).isSuperset(of: ["/docs", "/healthz", "/v1/projects/p", "/v1/projects/p/jobs"]))
            for link in links { #expect(try await fixture(.get, link, headers: headers).status == 200, "\(link)") }
        }
    }

    @Test func `a browser without a token is told what to do`() async throws {
        let fixture = try APIFixture()
        _ = try await fixture.token("ana", .admin)
        for path in ["/start", "/v1/projects", "/v1/projects/p/jobs/", "/nowhere"] {
            let request = try Request(.get, path, headers: Self.browser)
            let response = await fixture.router.freeze().respond(to: request)
            let page = Reply(
                status: response.status, headers: response.headers, body: try await response.body.bytes())
            #expect(page.status == 401)
            #expect(page.headers["Content-Type"] == "text/html; charset=utf-8")
            #expect(page.headers["WWW-Authenticate"] != nil && page.headers.all("Vary").contains("Accept"))
            #expect(page.text.contains("Authorization: Bearer") && page.text.contains("slicewise token create"))
            #expect(isClosed(page))
            let links = targets(of: page, at: path)
            #expect(Set(links).isSuperset(of: ["/docs", "/healthz", "/readyz", "/openapi.json"]))
            for link in links { #expect(try await fixture(.get, link).status == 200, "\(link) from \(path)") }
        }
        for accept in ["application/json", "*/*", "text/html, application/json"] {
            let reply = try await fixture(.get, "/start", headers: ["Accept": accept])
            #expect(reply.headers["Content-Type"] == "application/problem+json")
        }
    }

    @Test func `what a browser can't find is said as text, not as part of the page`() async throws {
        let fixture = try APIFixture()
        let request = try Request(.get, "/v1/projects/%3Cscript%3E", headers: Self.browser)
        let response = await fixture.router.freeze().respond(to: request)
        let text = String(decoding: try await response.body.bytes(), as: UTF8.self)
        #expect(response.status == 404)
        #expect(text.contains("&lt;script&gt;") && !text.contains("<script"))
    }

    @Test func `the page of all calls has every call and schema, and links that lead to something`() async throws {
        let fixture = try APIFixture()
        let document = try await fixture(.get, "/openapi.json").json
        for path in ["/docs", "/docs/"] {
            let page = try await fixture(.get, path)
            #expect(page.status == 200 && isClosed(page))
            for link in targets(of: page, at: path) { #expect(["/", "/openapi.json"].contains(link), "\(link)") }
            let places = page.text.matches(of: #/id="([^"]+)"/#).map { String($0.1) }
            #expect(Set(places).count == places.count)
            let links = page.text.matches(of: #/href="#([^"]+)"/#).map { String($0.1) }
            #expect(Set(links).subtracting(places) == [])
            for path in document["paths"].names {
                for method in document["paths"][path].names {
                    let identifier = document["paths"][path][method]["operationId"].string ?? ""
                    #expect(places.contains(identifier), "\(method) \(path)")
                }
            }
            for name in document["components"]["schemas"].names { #expect(places.contains("schema-\(name)")) }
        }
    }
}
