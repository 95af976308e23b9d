import HTTP
import TestSupport
import Testing

@Suite struct CrossOriginTests {
    private static let viewer = "https://viewer.example.org"

    private func router(_ allowed: Set<String>) -> Router {
        var router = Router(logger: .silent)
        router.crossOrigin = CrossOrigin(allowed: allowed)
        let gate: Gate = { head in if head.bearerToken == nil { throw HTTPError(401, "A token is needed.") } }
        router.group(gate: gate) { group in
            group.on(.get, "/thing") { _ in .text("thing") }
            group.on(.put, "/thing") { _ in .noContent }
        }
        return router
    }

    private static func preflight(_ origin: String) -> Headers {
        ["Origin": origin, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "authorization"]
    }

    @Test(arguments: Transport.allCases)
    func `no other site may read anything by default`(_ transport: Transport) async throws {
        try await TestClient.run(transport, router([])) { client async throws in
            for method in [Method.get, .put] {
                let reply = try await client(
                    method, "/thing", headers: ["Origin": Self.viewer, "Authorization": "Bearer a"])
                #expect(!reply.headers.fields.contains { $0.name.hasPrefix("Access-Control") })
            }
            let preflight = try await client(.options, "/thing", headers: Self.preflight(Self.viewer))
            #expect(!preflight.headers.fields.contains { $0.name.hasPrefix("Access-Control") })
        }
    }

    @Test(arguments: Transport.allCases)
    func `a site on the list may, and is told what, without a token`(_ transport: Transport) async throws {
        try await TestClient.run(transport, router([Self.viewer])) { client async throws in
            let preflight = try await client(.options, "/thing", headers: Self.preflight(Self.viewer))
            #expect(preflight.status == 204)
            #expect(preflight.headers["Access-Control-Allow-Origin"] == Self.viewer)
            #expect(preflight.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS, PUT")
            #expect(preflight.headers["Access-Control-Allow-Headers"]?.contains("Authorization") == true)
            #expect(preflight.headers["Access-Control-Allow-Credentials"] == nil)
            let reply = try await client(
                .get, "/thing", headers: ["Origin": Self.viewer, "Authorization": "Bearer a"])
            #expect(reply.text == "thing")
            #expect(reply.headers["Access-Control-Allow-Origin"] == Self.viewer)
            #expect(reply.headers["Vary"] == "Origin")
            // Also what is refused can be read, or the page could not tell why.
            let refused = try await client(.get, "/thing", headers: ["Origin": Self.viewer])
            #expect(refused.status == 401 && refused.headers["Access-Control-Allow-Origin"] == Self.viewer)
        }
    }

    @Test(arguments: Transport.allCases)
    func `any site may read below a path that is open, errors too, and nothing else`(
        _ transport: Transport
    ) async throws {
        var router = router([])
        router.crossOrigin = CrossOrigin(open: ["open", "to-all"])
        router.on(.get, "/open/to-all/{rest...}") { request in
            guard request.path.hasSuffix("/here") else { throw HTTPError(404, "nothing") }
            return .text("here")
        }
        try await TestClient.run(transport, router) { client async throws in
            let site: Headers = ["Origin": Self.viewer, "Authorization": "Bearer a"]
            for (path, status) in [("/open/to-all/here", 200), ("/open/to-all/there", 404), ("/open/to-all/a/b", 404)] {
                let reply = try await client(.get, path, headers: site)
                #expect(reply.status == status && reply.headers["Access-Control-Allow-Origin"] == "*", "\(path)")
                #expect(reply.headers["Cross-Origin-Resource-Policy"] == "cross-origin")
            }
            let asked: Headers = [
                "Origin": Self.viewer, "Access-Control-Request-Method": "GET",
                "Access-Control-Request-Headers": "range",
            ]
            let preflight = try await client(.options, "/open/to-all/here", headers: asked)
            #expect(preflight.status == 204 && preflight.headers["Access-Control-Allow-Origin"] == "*")
            #expect(preflight.headers["Access-Control-Allow-Headers"]?.contains("Range") == true)
            for path in ["/thing", "/open", "/open/to-some/here"] {
                let reply = try await client(.get, path, headers: site)
                #expect(reply.headers["Access-Control-Allow-Origin"] == nil, "\(path)")
            }
        }
    }

    @Test(
        arguments: [
            "https://elsewhere.example", "null", "http://viewer.example.org", "https://viewer.example.org.evil.example",
            "https://viewer.example.org:444", "https://VIEWER.example.org", "*",
        ])
    func `others are not on it`(_ origin: String) async throws {
        try await TestClient.run(.memory, router([Self.viewer])) { client async throws in
            let reply = try await client(.get, "/thing", headers: ["Origin": origin, "Authorization": "Bearer a"])
            #expect(reply.headers["Access-Control-Allow-Origin"] == nil)
            #expect(reply.headers["Vary"] == "Origin")
            let preflight = try await client(.options, "/thing", headers: Self.preflight(origin))
            #expect(preflight.headers["Access-Control-Allow-Origin"] == nil)
        }
    }

    @Test(arguments: [
        ("localhost", true), ("LOCALHOST", true), ("127.0.0.1", true), ("127.9.9.9", true), ("[::1]", true),
        ("::1", true), ("0.0.0.0", false), ("::", false), ("127.evil.example", false),
        ("localhost.evil.example", false),
        ("192.0.2.1", false), ("2130706433", false), ("", false), ("[::1", false), ("::ffff:127.0.0.1", false),
    ])
    func `a machine's own names are told from others`(_ host: String, _ isLocal: Bool) {
        #expect(Loopback.isLocal(host) == isLocal)
    }

    @Test(arguments: [("localhost:8080", "localhost"), ("[::1]:80", "[::1]"), ("a.b", "a.b"), ("", "")])
    func `the port is no part of the host`(_ header: String, _ host: String) {
        #expect(Loopback.host(of: header) == host)
    }
}
