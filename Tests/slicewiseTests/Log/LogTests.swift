import Foundation
import TestSupport
import Testing
import slicewise

@Suite struct LogTests {
    private static let nasty: [(name: String, value: String)] = [
        (name: "msg", value: "two words"), (name: "path", value: "/a\nlevel=error\u{1B}[31m\"\\="),
        (name: "request", value: "123"), (name: "status", value: "200"), (name: "ms", value: "1.25"),
        (name: "token", value: ""),
    ]

    @Test func `a line is one line, whatever is in it`() throws {
        for format in LogFormat.allCases {
            let line = format.line(Self.nasty)
            #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F })
        }
        #expect(
            LogFormat.text.line(Self.nasty)
                == #"msg="two words" path="/a\nlevel=error\u001b[31m\"\\=" request=123 status=200 ms=1.25 token="""#)
    }

    @Test func `a JSON line is JSON, with numbers where they are meant`() throws {
        let line = LogFormat.json.line(Self.nasty)
        let value = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(value["path"] as? String == Self.nasty[1].value)
        #expect(value["request"] as? String == "123")
        #expect(value["status"] as? Int == 200 && value["ms"] as? Double == 1.25)
    }

    @Test(.timeLimit(.minutes(5))) func `what is logged is what was asked for, and nothing less is done`() async throws
    {
        let folder = try TemporaryFolder()
        defer { folder.keep() }
        let log = try folder.file("log")
        let server = try await RunningServer(data: folder.url.appending(path: "data"), log: log.handle)
        _ = try await server.json("PUT", "/v1/projects/k", #"{"classes":[{"name":"a"},{"name":"b"}]}"#)
        let port = try #require(server.port)
        let targets = ["/v1/projects/k\u{0}/volumes/v?x", "junk/v1/projects/k", "/v1/projects/k\u{1B}[2J"]
        try await onThread {
            for target in targets {
                let client = try RawConnection(port: port)
                client.send("DELETE \(target) HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                #expect(try client.reply().status == 400)
            }
        }
        _ = try await server.json("GET", "/v1/projects/k")
        #expect(await server.stop(by: SIGTERM) == 0)
        let lines = try String(contentsOf: log.url, encoding: .utf8)
        for path in ["/v1/projects/k%00", "junk/v1/projects/k ", "/v1/projects/k%1B[2J"] {
            #expect(lines.contains(path), "\(lines)")
        }
    }

    @Test func `what files in an archive are called is told to the sender only`() async throws {
        let folder = try TemporaryFolder()
        defer { folder.keep() }
        let log = try folder.file("log")
        let server = try await RunningServer(
            data: folder.url.appending(path: "data"), flags: ["--log-level", "trace"], log: log.handle)
        _ = try await server.json("PUT", "/v1/projects/k", #"{"classes":[{"name":"a"},{"name":"b"}]}"#)
        let name = "Doe^Jane/head.dcm"
        var damaged = ZipSample([(name, Array("DICM".utf8)), ("0/.zarray", Array("{".utf8))])
        damaged.files[0].flags |= 1
        let archives = [
            damaged.bytes, ZipSample([(name, [1]), (name, [2])]).bytes, ZipSample([(name, [1, 2, 3])]).bytes,
            ZipSample([("../\(name)", [1])]).bytes,
        ]
        for archive in archives {
            for path in ["volumes/v", "volumes/v?dry-run=true"] {
                let answer = try await server.call("PUT", "/v1/projects/k/\(path)", Data(archive))
                #expect((400..<500).contains(answer.status))
                #expect(String(decoding: answer.body, as: UTF8.self).contains("Doe^Jane"), "\(answer)")
            }
        }
        let audit = try await server.call("GET", "/v1/audit")
        #expect(audit.status == 200 && !String(decoding: audit.body, as: UTF8.self).contains("Doe"))
        #expect(await server.stop(by: SIGTERM) == 0)
        let text = try String(contentsOf: log.url, encoding: .utf8)
        #expect(text.contains("/v1/projects/k/volumes/v") && !text.contains("Doe"), "\(text)")
    }

    @Test func `every request leaves a line with what is known of it`() async throws {
        let folder = try TemporaryFolder()
        defer { folder.keep() }
        let made = try await Program.run(
            "token", "create", "--name", "anna", "--role", "viewer", "--data", folder.url.path)
        let token = made.output.trimmingCharacters(in: .whitespacesAndNewlines)
        let log = try folder.file("log")
        let server = try await RunningServer(data: folder.url, flags: ["--log-format", "json"], log: log.handle)
        let answer = try await server.call("GET", "/v1/projects?q", token: token, headers: ["X-Request-Id": "my-id"])
        #expect(answer.status == 400)
        #expect(try await server.call("GET", "/v1/projects", token: "wrong").status == 401)
        for link in [token, "%73" + token.dropFirst()] {
            let answer = try await server.call(
                "GET", "/v1/shares/\(link)/ome.zarr/.zattrs", token: nil, headers: ["X-Request-Id": "link"])
            #expect(answer.status == 410)
        }
        #expect(await server.stop(by: SIGTERM) == 0)
        let text = try String(contentsOf: log.url, encoding: .utf8)
        #expect(!text.contains(token))
        let lines = try text.split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any], "\($0)")
        }
        let line = try #require(lines.first { $0["request"] as? String == "my-id" })
        #expect(line["msg"] as? String == "request" && line["level"] as? String == "info")
        #expect(line["method"] as? String == "GET" && line["path"] as? String == "/v1/projects")
        #expect(line["token"] as? String == "anna" && line["peer"] as? String == "127.0.0.1")
        #expect(line["status"] as? Int == 400 && line["bytes"] is Int && line["ms"] is Double)
        let links = lines.filter { $0["request"] as? String == "link" }
        #expect(links.count == 2 && !text.contains(token.dropFirst()))
        #expect(links.allSatisfy { $0["path"] as? String == "/v1/shares/…/ome.zarr/.zattrs" })
        let refused = try #require(lines.first { $0["status"] as? Int == 401 })
        #expect(refused["token"] == nil)
    }
}
