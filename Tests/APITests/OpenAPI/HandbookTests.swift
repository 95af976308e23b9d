import HTTP
import JSON
import Testing
import Training

@Suite struct HandbookTests {
    /// The calls of /openapi.json in the handbook's form.
    private func documented() async throws -> [Handbook.Call] {
        let fixture = try APIFixture()
        let paths = try await fixture(.get, "/openapi.json").json["paths"]
        return paths.names.flatMap { path in
            paths[path].names.map { method -> Handbook.Call in
                let operation = paths[path][method]
                var call = Handbook.Call(method: method.uppercased(), path: path)
                call.role = operation["security"][0]["token"][0].string
                guard case .array(let parameters) = operation["parameters"] else { return call }
                call.parameters = Set(parameters.filter { $0["in"].string == "query" }.compactMap { $0["name"].string })
                return call
            }
        }
    }

    @Test func `Documentation/API.md has every call and parameter of the OpenAPI document, and no other`() async throws
    {
        let calls = try Handbook().calls
        let written = Dictionary(grouping: calls) { "\($0.method) \($0.path)" }
        let documented = Dictionary(grouping: try await documented()) { "\($0.method) \($0.path)" }
        #expect(Set(written.keys) == Set(documented.keys))
        for (name, call) in documented {
            #expect(written[name]?.count == 1, "\(name) is described once")
            #expect(written[name]?.first?.parameters == call.first?.parameters, "\(name)")
            #expect(written[name]?.first?.role == call.first?.role, "\(name)")
            #expect(written[name]?.first?.hasExample == true, "\(name) has a curl line")
        }
    }

    @Test func `every path in Documentation/API.md is one of the OpenAPI document`() async throws {
        let known = try await documented().map { $0.path.split(separator: "/") }
        let paths = try Handbook().paths
        #expect(paths.count > 40)
        for path in paths {
            let segments = path.split(separator: "/")
            let isKnown = known.contains { call in
                call.count == segments.count && zip(call, segments).allSatisfy { $0 == $1 || $0.hasPrefix("{") }
            }
            #expect(isKnown, "\(path)")
        }
    }
}
