import HTTP
import Testing
import Training

@Suite struct OpenAPITests {
    /// Path, method and description of every call in the document.
    private func operations(_ document: JSONValue) -> [(path: String, method: String, operation: JSONValue)] {
        document["paths"].names.flatMap { path in
            document["paths"][path].names.map { (path, $0, document["paths"][path][$0]) }
        }
    }

    @Test func `every call of the document is answered, with no other methods`() async throws {
        let world = try World()
        let document = try await world(.get, "/openapi.json").json
        #expect(document["openapi"].string == "3.1.0")
        var methods: [String: Set<String>] = [:]
        for (path, method, _) in operations(document) { methods[path, default: []].insert(method.uppercased()) }
        #expect(methods.count > 25)
        for (path, documented) in methods {
            let target = path.replacing("{axis}", with: "z").replacing("{", with: "").replacing("}", with: "")
            let options = try await world(.options, target)
            let allowed = Set(
                (options.headers["Allow"] ?? "").split(separator: ",").map { String($0.drop { $0 == " " }) })
            #expect(allowed.subtracting(["HEAD", "OPTIONS"]) == documented, "\(path)")
        }
    }

    @Test func `the contract's calls are all there`() async throws {
        let world = try World()
        let document = try await world(.get, "/openapi.json").json
        let there = Set(operations(document).map { "\($0.method.uppercased()) \($0.path)" })
        let project = "/v1/projects/{project}"
        let volume = "\(project)/volumes/{volume}"
        let slice = "\(volume)/annotations/{axis}/{index}"
        let expected = [
            "GET /v1/projects", "PUT \(project)", "GET \(project)", "DELETE \(project)",
            "GET \(project)/volumes", "PUT \(volume)", "GET \(volume)", "DELETE \(volume)", "GET \(volume)/image",
            "GET \(volume)/slices/{axis}/{index}", "POST \(volume)/annotations", "PUT \(volume)/annotations",
            "GET \(volume)/annotations", "GET \(slice)", "DELETE \(slice)", "GET \(slice)/history",
            "POST \(slice)/restore", "GET \(volume)/labels", "PUT \(volume)/truth", "GET \(volume)/truth",
            "DELETE \(volume)/truth", "POST \(project)/jobs", "GET \(project)/jobs", "GET \(project)/jobs/{id}",
            "GET \(project)/jobs/{id}/events", "GET \(project)/jobs/{id}/curve", "POST \(project)/jobs/{id}/cancel",
            "POST \(project)/jobs/{id}/retry", "GET \(project)/models", "GET \(project)/models/{model}",
            "PUT \(project)/models/{model}", "DELETE \(project)/models/{model}",
            "GET \(project)/models/{model}/weights", "GET \(volume)/prediction",
            "GET \(volume)/prediction/slices/{axis}/{index}", "GET \(volume)/probability", "GET \(volume)/uncertainty",
            "GET \(volume)/report", "GET \(volume)/suggestions", "GET /healthz", "GET /readyz", "GET /metrics",
            "GET /v1/audit", "GET /openapi.json",
            "GET /",
        ]
        #expect(Set(expected).subtracting(there) == [])
    }

    @Test func `what the document refers to is in it, and names in paths are described`() async throws {
        let world = try World()
        let reply = try await world(.get, "/openapi.json")
        let schemas = Set(reply.json["components"]["schemas"].names)
        for match in reply.text.matches(of: #/"#/components/schemas/([A-Za-z]+)"/#) {
            #expect(schemas.contains(String(match.1)))
        }
        for (path, method, operation) in operations(reply.json) {
            let named = Set(path.matches(of: #/\{([a-z]+)\}/#).map { String($0.1) })
            guard case .array(let parameters) = operation["parameters"] else {
                #expect(named.isEmpty, "\(method) \(path)")
                continue
            }
            let described = parameters.filter { $0["in"].string == "path" }.compactMap { $0["name"].string }
            #expect(Set(described) == named, "\(method) \(path)")
        }
        let identifiers = operations(reply.json).compactMap { $0.operation["operationId"].string }
        #expect(Set(identifiers).count == identifiers.count)
    }

    @Test func `the server says that it lives and is ready, and shows a page`() async throws {
        let world = try World()
        #expect(try await world(.get, "/healthz").json["status"].string == "ok")
        #expect(try await world(.get, "/readyz").json["status"].string == "ready")
        #expect(try await world(.get, "/").text.contains("no project yet"))
        try await world.furnish(Samples.image())
        #expect(try await world(.get, "/").text.contains("/v1/projects/p"))
        let nothing = try await world(.get, "/v2")
        #expect(nothing.status == 404)
        #expect(nothing.json.names == ["detail", "status", "title", "type"])
        let wrong = try await world(.post, "/v1/projects/p/volumes", "")
        #expect(wrong.status == 405)
        #expect(wrong.headers["Allow"]?.contains("GET") == true)
    }
}
