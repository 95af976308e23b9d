import Foundation
import HTTP
import JSON
import Jobs
import TestSupport
import Testing
import Training
import Volumes

@Suite struct OpenAPITests {
    /// Path, method and description of every call in the document.
    private func operations(_ document: JSONValue) -> [(path: String, method: String, operation: JSONValue)] {
        document["paths"].names.flatMap { path in
            document["paths"][path].names.map { (path, $0, document["paths"][path][$0]) }
        }
    }

    @Test func `every call of the document is answered, with no other methods`() async throws {
        let fixture = try APIFixture()
        let document = try await fixture(.get, "/openapi.json").json
        #expect(document["openapi"].string == "3.1.0")
        var methods: [String: Set<String>] = [:]
        for (path, method, _) in operations(document) { methods[path, default: []].insert(method.uppercased()) }
        #expect(methods.count > 25)
        for (path, documented) in methods {
            let target = path.replacing("{axis}", with: "z").replacing("{", with: "").replacing("}", with: "")
            let options = try await fixture(.options, target)
            let allowed = Set(
                (options.headers["Allow"] ?? "").split(separator: ",").map { String($0.drop { $0 == " " }) })
            #expect(allowed.subtracting(["HEAD", "OPTIONS"]) == documented, "\(path)")
        }
    }

    @Test func `the contract's calls are all there`() async throws {
        let fixture = try APIFixture()
        let document = try await fixture(.get, "/openapi.json").json
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
            "GET /v1/audit", "GET /openapi.json", "GET /docs", "GET /",
        ]
        #expect(Set(expected).subtracting(there) == [])
    }

    @Test func `what the document refers to is in it, and names in paths are described`() async throws {
        let fixture = try APIFixture()
        let reply = try await fixture(.get, "/openapi.json")
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

    @Test func `every error that a call can answer with is described, and no other`() async throws {
        let fixture = try APIFixture()
        let document = try await fixture(.get, "/openapi.json").json
        let described = Set(document["components"]["responses"].names)
        var used: Set<String> = []
        for (path, method, operation) in operations(document) {
            let errors = operation["responses"].names.filter { $0 >= "400" }
            for status in errors {
                #expect(operation["responses"][status]["$ref"].string == "#/components/responses/\(status)")
                let content = document["components"]["responses"][status]["content"]
                #expect(content.names == ["application/problem+json"])
            }
            #expect(
                errors.contains("400") && !errors.contains("500") && !errors.contains("default"), "\(method) \(path)")
            #expect(errors.contains("404") == path.contains("{"), "\(method) \(path)")
            used.formUnion(errors)
        }
        #expect(used == described)
    }

    /// Every member, those of members included, as `augmentation.gray.curve`.
    private func members(of value: JSONValue, path: String = "") -> [String] {
        value.names.flatMap { [path + $0] + members(of: value[$0], path: path + $0 + ".") }
    }

    private func properties(_ schema: JSONValue, of schemas: JSONValue, path: String = "") -> [String] {
        let schema = SchemaCheck(schemas: schemas).resolved(schema)
        if case .array(let choices) = schema["anyOf"] {
            return choices.flatMap { properties($0, of: schemas, path: path) }
        }
        let inner = schema["properties"]
        return inner.names.flatMap { [path + $0] + properties(inner[$0], of: schemas, path: path + $0 + ".") }
    }

    @Test func `every key of a recipe is in its schema, and no other`() async throws {
        let fixture = try APIFixture()
        let schemas = try await fixture(.get, "/openapi.json").json["components"]["schemas"]
        var recipe = Preset.accurate.recipe
        recipe.inputs = InputFilters(smoothed: [1], gradient: [1])
        recipe.average = Averaging(decay: 0.9)
        recipe.patch = .fixed(Extent(z: 8, y: 8, x: 8))
        recipe.spacing = .fixed(Spacing(z: 2, unit: "micrometer"))
        recipe.augmentation.elastic = Augmentation.Elastic(spacing: 32, sigma: 4)
        recipe.augmentation.gray = Augmentation.Gray()
        let written = try JSONValue(json: JSONEncoder().encode(recipe))
        #expect(Set(members(of: written)) == Set(properties(schemas["Recipe"], of: schemas)))
    }

    @Test func `numbers just within the limits of the schemas are taken, those just outside are refused`() async throws
    {
        let fixture = try APIFixture()
        let schemas = try await fixture(.get, "/openapi.json").json["components"]["schemas"]
        // The numbers of a plan of steps depend on each other, besides their limits.
        let isAlone = { (limit: SchemaLimit) in !limit.description.hasSuffix("steps[][]") }
        let recipes = SchemaLimit.all(in: schemas["Recipe"], of: schemas).filter(isAlone)
        #expect(recipes.count > 30)
        for limit in recipes {
            #expect(throws: Never.self, "\(limit)") { try limit.inside.forEach { _ = try Recipe($0) } }
            for value in limit.outside { #expect(throws: TrainingError.self, "\(limit)") { try Recipe(value) } }
        }
        // Experiments compare two and three dimensions unless told otherwise, which two equal recipes contradict.
        let jobs = SchemaLimit.all(in: schemas["JobRequest"], of: schemas).filter {
            $0.description != ".recipe.dimensions" && isAlone($0)
        }
        #expect(jobs.count > 10)
        for limit in jobs {
            #expect(throws: Never.self, "\(limit)") { try limit.inside.forEach { _ = try JobRequest($0) } }
            for value in limit.outside { #expect(throws: JobError.self, "\(limit)") { try JobRequest(value) } }
        }
    }

    @Test func `numbers of a query that have limits tell them`() async throws {
        let fixture = try APIFixture()
        let document = try await fixture(.get, "/openapi.json").json
        let limited = [("/v1/projects/{project}/volumes/{volume}/suggestions", "count"), ("/v1/audit", "limit")]
        for (path, name) in limited {
            guard case .array(let parameters) = document["paths"][path]["get"]["parameters"] else {
                Issue.record("\(path) has no parameters")
                continue
            }
            let parameter = try #require(parameters.first { $0["name"].string == name })
            #expect(parameter["schema"]["minimum"].number == 1, "\(path)")
            #expect(parameter["schema"]["maximum"].number == 1000, "\(path)")
        }
    }

    @Test func `words to choose from are named, so that made clients have one type for them`() async throws {
        let document = try await APIFixture()(.get, "/openapi.json").json
        for (path, method, operation) in operations(document) {
            guard case .array(let parameters) = operation["parameters"] else { continue }
            for parameter in parameters {
                #expect(parameter["schema"]["enum"] == .null, "\(method) \(path) \(parameter["name"])")
            }
        }
        let schemas = document["components"]["schemas"]
        for name in ["Annotation", "AnnotationPosted", "AnnotationChanged", "Suggestion", "VolumeSlice"] {
            #expect(schemas[name]["properties"]["axis"]["$ref"].string == "#/components/schemas/Axis", "\(name)")
        }
    }

    @Test func `a model that was brought has no hash of labels, and the schema says so`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        let model = try await fixture(.put, "/v1/projects/p/models/m", Nets.file()).json
        let schema = try await fixture(.get, "/openapi.json").json["components"]["schemas"]["Model"]
        #expect(model["labels_hash"] == .null)
        #expect(schema["properties"]["labels_hash"]["type"] == .array([.string("string"), .string("null")]))
    }

    @Test func `every kind of job is in the schema`() async throws {
        let fixture = try APIFixture()
        let schemas = try await fixture(.get, "/openapi.json").json["components"]["schemas"]
        for choice in ["JobRequest", "Job"] {
            guard case .array(let kinds) = schemas[choice]["oneOf"] else {
                throw HTTPError.malformed("there is no choice of kinds")
            }
            let resolved = kinds.map {
                SchemaCheck(schemas: schemas).resolved($0)["properties"]["kind"]["const"].string
            }
            #expect(Set(resolved) == Set(JobRequest.kinds))
            #expect(schemas[choice]["discriminator"]["mapping"].names == JobRequest.kinds.sorted())
        }
    }

    @Test func `the server says that it lives and is ready, and shows a page`() async throws {
        let fixture = try APIFixture()
        #expect(try await fixture(.get, "/healthz").json["status"].string == "ok")
        #expect(try await fixture(.get, "/readyz").json["status"].string == "ready")
        #expect(try await fixture(.get, "/start").text.contains("no project yet"))
        try await fixture.furnish(Samples.image())
        #expect(try await fixture(.get, "/start").text.contains("v1/projects/p"))
        let nothing = try await fixture(.get, "/v2")
        #expect(nothing.status == 404)
        #expect(nothing.json.names == ["detail", "status", "title", "type"])
        let wrong = try await fixture(.post, "/v1/projects/p/volumes", "")
        #expect(wrong.status == 405)
        #expect(wrong.headers["Allow"]?.contains("GET") == true)
    }
}
