import HTTP
import TestSupport
import Testing

@Suite struct RouterTests {
    private var router: Router { router(gate: nil) }

    private func router(gate: Gate?) -> Router {
        var router = Router(logger: .silent)
        router.group(gate: gate) { group in
            group.on(.get, "/") { _ in .text("root") }
            group.on(.get, "/v1/things") { request in .text("list " + (request.query.first("q") ?? "-")) }
            group.on(.get, "/v1/things/{t}") { request in .text("thing " + (try request.parameter("t"))) }
            group.on(.delete, "/v1/things/{t}") { _ in .noContent }
            group.on(.get, "/v1/things/special") { _ in .text("special") }
            group.on(.get, "/v1/things/{t}/parts/{i}") { request in
                .text("\(try request.parameter("t")) \(try request.parameter("i"))")
            }
            group.on(.get, "/v1/things/{t}/files/{f...}") { request in .text("file " + (try request.parameter("f"))) }
            group.on(.get, "/v1/things/{t}/files/{f}/size") { request in .text("size " + (try request.parameter("f"))) }
        }
        return router
    }

    @Test(arguments: Transport.allCases)
    func `a path leads to its handler, literals first`(_ transport: Transport) async throws {
        try await TestClient.run(transport, router) { client async throws in
            #expect(try await client(.get, "/").text == "root")
            #expect(try await client(.get, "/v1/things/a").text == "thing a")
            #expect(try await client(.get, "/v1/things/special").text == "special")
            #expect(try await client(.get, "/v1/things/special/parts/3").text == "special 3")
        }
    }

    @Test(arguments: Transport.allCases)
    func `a name with dots takes what is left of a path, where nothing else fits`(_ transport: Transport) async throws {
        try await TestClient.run(transport, router) { client async throws in
            #expect(try await client(.get, "/v1/things/a/files/b").text == "file b")
            #expect(try await client(.get, "/v1/things/a/files/b/c%20d/.e/0/").text == "file b/c d/.e/0")
            #expect(try await client(.get, "/v1/things/a/files/b/size").text == "size b")
            #expect(try await client(.get, "/v1/things/a/files/b/c/size").text == "file b/c/size")
            #expect(try await client(.get, "/v1/things/a/files/b//c").text == "file b//c")
            #expect(try await client(.get, "/v1/things/a/files").text == "file ")
            #expect(try await client(.put, "/v1/things/a/files/b/c", body: []).headers["Allow"] == "GET, HEAD, OPTIONS")
            #expect(try await client(.get, "/v1/things/a/b/c").status == 404)
        }
    }

    @Test(arguments: Transport.allCases)
    func `segments and queries are percent-decoded`(_ transport: Transport) async throws {
        try await TestClient.run(transport, router) { client async throws in
            #expect(try await client(.get, "/v1/things/a%2Fb%20c+d").text == "thing a/b c+d")
            #expect(try await client(.get, "/v1/things/%C3%A9t%c3%a9").text == "thing été")
            #expect(try await client(.get, "/v1/things?q=a+b%2B%26c&q=2").text == "list a b+&c")
            #expect(try await client(.get, "/v1/things?q").text == "list ")
        }
    }

    @Test(arguments: Transport.allCases)
    func `dots are names, not folders`(_ transport: Transport) async throws {
        try await TestClient.run(transport, router) { client async throws in
            #expect(try await client(.get, "/v1/things/..").text == "thing ..")
            #expect(try await client(.get, "/v1/things/%2e%2E%2fx").text == "thing ../x")
        }
    }

    @Test(
        arguments: Transport.allCases,
        [
            "/v1/things/%", "/v1/things/%4", "/v1/things/%zz", "/v1/things/a%00b", "/v1/things/%ff", "/v1/things?q=%00",
            "/v1/things?q=%C3",
        ])
    func `broken encodings are refused`(_ transport: Transport, _ target: String) async throws {
        try await TestClient.run(transport, router) { client async throws in
            let reply = try await client(.get, target)
            #expect(reply.status == 400)
            #expect(reply.headers["Content-Type"] == "application/problem+json")
        }
    }

    @Test(arguments: Transport.allCases)
    func `a trailing slash makes no difference`(_ transport: Transport) async throws {
        try await TestClient.run(transport, router) { client async throws in
            #expect(try await client(.get, "/v1/things/").text == "list -")
            #expect(try await client(.get, "/v1/things/a/?x=1").text == "thing a")
            #expect(try await client(.get, "/v1/things//parts/1").status == 404)
        }
    }

    @Test(arguments: Transport.allCases)
    func `an unknown path is a problem of status 404`(_ transport: Transport) async throws {
        try await TestClient.run(transport, router) { client async throws in
            let reply = try await client(.get, "/nowhere")
            #expect(reply.status == 404)
            #expect(
                reply.text
                    == #"{"detail":"There is nothing at /nowhere.","status":404,"title":"Not Found","type":"about:blank"}"#
                    + "\n")
        }
    }

    @Test(arguments: Transport.allCases)
    func `another method gets 405 with what is allowed`(_ transport: Transport) async throws {
        try await TestClient.run(transport, router) { client async throws in
            let reply = try await client(.put, "/v1/things/a", body: [])
            #expect(reply.status == 405)
            #expect(reply.headers["Allow"] == "DELETE, GET, HEAD, OPTIONS")
            let options = try await client(.options, "/v1/things/a")
            #expect(options.status == 204)
            #expect(options.headers["Allow"] == "DELETE, GET, HEAD, OPTIONS")
        }
    }

    @Test(arguments: Transport.allCases)
    func `HEAD is GET without the body`(_ transport: Transport) async throws {
        try await TestClient.run(transport, router) { client async throws in
            let reply = try await client(.head, "/v1/things/abc")
            #expect(reply.status == 200)
            #expect(reply.headers["Content-Length"] == "9")
            #expect(reply.body.isEmpty)
            #expect(try await client(.head, "/nowhere").status == 404)
        }
    }

    @Test(arguments: Transport.allCases)
    func `the gate is asked about every request, with its route`(_ transport: Transport) async throws {
        let router = router { head in
            guard head.bearerToken == "letmein" else {
                throw HTTPError(401, "A token is needed.", headers: ["WWW-Authenticate": "Bearer"])
            }
            if head.route == nil { return }
            guard head.route == "/v1/things/{t}", head.parameters["t"] == "a" else { throw HTTPError(403, "Not this.") }
        }
        try await TestClient.run(transport, router) { client async throws in
            let refused = try await client(.get, "/v1/things/a")
            #expect(refused.status == 401)
            #expect(refused.headers["WWW-Authenticate"] == "Bearer")
            let token: Headers = ["Authorization": "bearer letmein"]
            #expect(try await client(.get, "/v1/things/a", headers: token).status == 200)
            #expect(try await client(.get, "/v1/things/b", headers: token).status == 403)
            #expect(try await client(.get, "/nowhere").status == 401)
            #expect(try await client(.get, "/nowhere", headers: token).status == 404)
            #expect(try await client(.options, "/v1/things/a").status == 401)
        }
    }
}
