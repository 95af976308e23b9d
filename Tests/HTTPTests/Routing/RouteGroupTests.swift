import HTTP
import TestSupport
import Testing

@Suite struct RouteGroupTests {
    private struct Storm: Error {}

    private static func demand(_ token: String) -> Gate {
        { head in
            guard head.bearerToken == token else { throw HTTPError(401, "The token \(token) is needed.") }
        }
    }

    /// Marks an answer with a letter, those of outer layers last.
    private static func mark(_ letter: String) -> Middleware {
        { request, next in
            var response = try await next(request)
            response.headers["X-Marks"] = (response.headers["X-Marks"] ?? "") + letter
            return response
        }
    }

    private var router: Router {
        var router = Router(logger: .silent)
        router.on(.get, "/open") { _ in .text("open") }
        router.group(
            gate: Self.demand("a"), errors: { _ in HTTPError(409, "outer") }, isStrict: true, around: [Self.mark("a")]
        ) { group in
            group.on(.get, "/v1/things", query: ["q"]) { _ in .text("things") }
            group.on(.get, "/v1/storm") { _ in throw Storm() }
            let rules = QueryRules(["q", "box", "flag"], repeated: ["box"], filled: ["q", "box"])
            group.on(.get, "/v1/boxes", query: rules) { _ in .text("boxes") }
        }
        router.group("/other/{project}", gate: Self.demand("b"), around: [Self.mark("b")]) { group in
            group.on(.get, "/things") { .text("of " + (try $0.parameter("project"))) }
            group.on(.get, "/storm") { _ in throw Storm() }
            group.group("/deep", errors: { $0 is Storm ? HTTPError(418, "inner") : nil }, around: [Self.mark("c")]) {
                $0.on(.get, "/storm") { _ in throw Storm() }
                $0.on(.get, "/things") { _ in .text("deep") }
            }
        }
        return router
    }

    private func token(_ text: String) -> Headers { ["Authorization": "Bearer \(text)"] }

    @Test(arguments: Transport.allCases)
    func `each group has a gate of its own, which guards the places below it where nothing is, too`(
        _ transport: Transport
    ) async throws {
        try await TestClient.run(transport, router) { client async throws in
            #expect(try await client(.get, "/open").status == 200)
            for path in ["/v1/things", "/nowhere", "/other"] {
                #expect(try await client(.get, path, headers: token("b")).status == 401, "\(path)")
                #expect(try await client(.get, path, headers: token("a")).status == (path == "/v1/things" ? 200 : 404))
            }
            for path in ["/other/p/things", "/other/p/nowhere", "/other/p", "/other/p/deep/things"] {
                #expect(try await client(.get, path, headers: token("a")).status == 401, "\(path)")
                #expect(try await client(.post, path, headers: token("a"), body: [1]).status == 401, "\(path)")
                #expect(try await client(.get, path, headers: token("b")).status != 401, "\(path)")
            }
            #expect(try await client(.get, "/other/p/things", headers: token("b")).text == "of p")
        }
    }

    @Test func `errors go to the innermost mapper that knows them`() async throws {
        try await TestClient.run(.memory, router) { client async throws in
            #expect(try await client(.get, "/v1/storm", headers: token("a")).status == 409)
            #expect(try await client(.get, "/other/p/storm", headers: token("b")).status == 500)
            #expect(try await client(.get, "/other/p/deep/storm", headers: token("b")).status == 418)
        }
    }

    @Test func `layers come around the handlers of their group, the outer around the inner`() async throws {
        try await TestClient.run(.memory, router) { client async throws in
            #expect(try await client(.get, "/open").headers["X-Marks"] == nil)
            #expect(try await client(.get, "/v1/things", headers: token("a")).headers["X-Marks"] == "a")
            #expect(try await client(.get, "/other/p/deep/things", headers: token("b")).headers["X-Marks"] == "cb")
            #expect(try await client(.get, "/v1/things").headers["X-Marks"] == nil)
        }
    }

    @Test func `a strict group refuses parameters that a route does not name`() async throws {
        try await TestClient.run(.memory, router) { client async throws in
            #expect(try await client(.get, "/v1/things?q=1", headers: token("a")).status == 200)
            #expect(try await client(.get, "/v1/things?p=1", headers: token("a")).status == 400)
            #expect(try await client(.get, "/v1/things?p=1").status == 401)
            #expect(try await client(.get, "/other/p/things?p=1", headers: token("b")).status == 200)
        }
    }

    @Test func `a parameter that says two things, or nothing, is refused by its name`() async throws {
        try await TestClient.run(.memory, router) { client async throws in
            for query in ["q=1", "q=1&q=1", "box=1&box=2", "flag", "flag=", "q=+"] {
                let reply = try await client(.get, "/v1/boxes?\(query)", headers: token("a"))
                #expect(reply.status == 200, "\(query)")
            }
            for (query, words) in [
                ("q=1&q=2", "“q” is there twice"), ("q=", "“q” is empty"), ("box=1&box=", "“box” is empty"),
            ] {
                let reply = try await client(.get, "/v1/boxes?\(query)", headers: token("a"))
                #expect(reply.status == 400, "\(query)")
                #expect(reply.text.contains(words), "\(reply.text)")
            }
        }
    }
}
