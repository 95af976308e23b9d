import HTTP
import TestSupport
import Testing

@Suite struct ResponderTests {
    private struct DomainError: Error { var isKnown: Bool }

    private var router: Router {
        var router = Router(logger: .silent)
        let mapper: ErrorMapper = { error in
            (error as? DomainError)?.isKnown == true ? .conflict("It is taken.", field: "name") : nil
        }
        router.group(errors: mapper) { group in
            group.on(.get, "/known") { _ in throw DomainError(isKnown: true) }
            group.on(.get, "/unknown") { _ in throw DomainError(isKnown: false) }
        }
        router.on(.get, "/thrown") { _ in throw HTTPError(429, "Slowly.", headers: ["Retry-After": "3"]) }
        router.on(.get, "/injected") { request in
            Response(headers: ["Location": "/x" + (request.query.first("to") ?? "")])
        }
        router.on(.get, "/own") { _ in Response(headers: ["Cache-Control": "max-age=60"]) }
        router.on(.get, "/echo") { request in .text(request.headers.all("x-many").joined(separator: "|")) }
        return router
    }

    @Test(arguments: Transport.allCases)
    func `errors become problems`(_ transport: Transport) async throws {
        try await TestClient.run(transport, router) { client async throws in
            let thrown = try await client(.get, "/thrown")
            #expect(thrown.status == 429)
            #expect(thrown.headers["Retry-After"] == "3")
            let known = try await client(.get, "/known")
            #expect(known.status == 409)
            #expect(
                known.text
                    == #"{"detail":"It is taken.","field":"name","status":409,"title":"Conflict","type":"about:blank"}"#
                    + "\n")
        }
    }

    @Test(arguments: Transport.allCases)
    func `what was not foreseen is a 500 without internals`(_ transport: Transport) async throws {
        try await TestClient.run(transport, router) { client async throws in
            let reply = try await client(.get, "/unknown", headers: ["X-Request-Id": "abc-1"])
            #expect(reply.status == 500)
            #expect(reply.text.contains("abc-1"))
            #expect(!reply.text.contains("DomainError"))
        }
    }

    @Test(arguments: Transport.allCases, ["%0D%0ASet-Cookie:%20a=b", "%0a", "%0D", "%7F"])
    func `a header value with a line break is not sent`(_ transport: Transport, _ value: String) async throws {
        try await TestClient.run(transport, router) { client async throws in
            let reply = try await client(.get, "/injected?to=\(value)")
            #expect(reply.status == 500)
            #expect(reply.headers["Location"] == nil)
            #expect(reply.headers["Set-Cookie"] == nil)
            #expect(try await client(.get, "/injected?to=y").headers["Location"] == "/xy")
        }
    }

    @Test(arguments: Transport.allCases)
    func `every reply has a request id and security headers`(_ transport: Transport) async throws {
        try await TestClient.run(transport, router) { client async throws in
            for path in ["/own", "/nowhere", "/unknown", "/injected?to=%0A"] {
                let reply = try await client(.get, path)
                #expect(reply.headers["X-Content-Type-Options"] == "nosniff", "\(path)")
                #expect(reply.headers["X-Request-Id"]?.count == 16, "\(path)")
            }
            #expect(try await client(.get, "/own").headers["Cache-Control"] == "max-age=60")
            let named = try await client(.get, "/own", headers: ["x-request-id": "my.id-1"])
            #expect(named.headers["X-Request-Id"] == "my.id-1")
            let strange = try await client(.get, "/own", headers: ["x-request-id": "a b<script>"])
            #expect(strange.headers["X-Request-Id"]?.count == 16)
        }
    }

    @Test(arguments: Transport.allCases)
    func `headers of one name are all there`(_ transport: Transport) async throws {
        try await TestClient.run(transport, router) { client async throws in
            #expect(try await client(.get, "/echo", headers: ["X-Many": "1", "x-MANY": "2"]).text == "1|2")
        }
    }

    @Test(arguments: Transport.allCases)
    func `middleware is around handlers and refusals, first added outermost`(_ transport: Transport) async throws {
        var router = router
        for name in ["a", "b"] {
            router.use { request, next in
                var response = try await next(request)
                response.headers["X-Trace"] = name + (response.headers["X-Trace"] ?? String(response.status))
                return response
            }
        }
        router.use { request, next in
            if request.path == "/own", request.query.first("stop") != nil { throw HTTPError(418, "No.") }
            return try await next(request)
        }
        try await TestClient.run(transport, router) { client async throws in
            #expect(try await client(.get, "/own").headers["X-Trace"] == "ab200")
            #expect(try await client(.get, "/nowhere").headers["X-Trace"] == "ab404")
            #expect(try await client(.get, "/own?stop").status == 418)
        }
    }
}
