import HTTP
import JSON
import TestSupport
import Testing

extension OpenAPITests {
    /// Every schema in a value, those within schemas included, each with its path.
    private func schemas(in value: JSONValue, at path: String) -> [(path: String, schema: JSONValue)] {
        var found: [(path: String, schema: JSONValue)] = [(path, value)]
        for name in value["properties"].names {
            found += schemas(in: value["properties"][name], at: "\(path).\(name)")
        }
        for key in ["items", "additionalProperties"] where value[key] != .null && value[key] != .bool(false) {
            found += schemas(in: value[key], at: "\(path) \(key)")
        }
        for key in ["anyOf", "oneOf", "allOf"] {
            guard case .array(let choices) = value[key] else { continue }
            for (place, choice) in choices.enumerated() { found += schemas(in: choice, at: "\(path) \(key) \(place)") }
        }
        return found
    }

    @Test func `every schema and property says what it means, and every object what it must have`() async throws {
        let fixture = try APIFixture()
        let named = try await fixture(.get, "/openapi.json").json["components"]["schemas"]
        #expect(named.names.count > 40)
        for name in named.names {
            #expect(named[name]["description"].string?.isEmpty == false, "\(name)")
            for (path, schema) in schemas(in: named[name], at: name) {
                for property in schema["properties"].names {
                    let meaning = schema["properties"][property]["description"].string ?? ""
                    #expect(!meaning.isEmpty, "\(path).\(property) has no description")
                }
                guard schema["type"].string == "object" else { continue }
                guard case .array = schema["required"] else {
                    Issue.record("\(path) does not say which members are required")
                    continue
                }
            }
        }
    }

    @Test func `every call has a tag, a summary and a name, and every parameter a description`() async throws {
        let fixture = try APIFixture()
        let document = try await fixture(.get, "/openapi.json").json
        guard case .array(let tags) = document["tags"] else { throw HTTPError.malformed("there are no tags") }
        let known = Set(tags.compactMap { $0["name"].string })
        var used: Set<String> = []
        for path in document["paths"].names {
            for method in document["paths"][path].names {
                let operation = document["paths"][path][method]
                let tag = try #require(operation["tags"][0].string, "\(method) \(path)")
                used.insert(tag)
                #expect(operation["summary"].string?.hasSuffix(".") == true, "\(method) \(path)")
                #expect(operation["operationId"].string?.isEmpty == false, "\(method) \(path)")
                guard case .array(let parameters) = operation["parameters"] else { continue }
                for parameter in parameters {
                    #expect(parameter["description"].string?.isEmpty == false, "\(method) \(path) \(parameter)")
                }
            }
        }
        #expect(used == known)
    }

    @Test func `the document is indented and ends with a line end`() async throws {
        let fixture = try APIFixture()
        let text = try await fixture(.get, "/openapi.json").text
        #expect(text.hasPrefix("{\n  \"openapi\": \"3.1.0\",\n"))
        #expect(text.hasSuffix("}\n"))
    }

    @Test func `the examples of bodies are as their schemas say`() async throws {
        let fixture = try APIFixture()
        let document = try await fixture(.get, "/openapi.json").json
        let check = SchemaCheck(schemas: document["components"]["schemas"])
        var count = 0
        for path in document["paths"].names {
            for method in document["paths"][path].names {
                let content = document["paths"][path][method]["requestBody"]["content"]["application/json"]
                for name in content["examples"].names {
                    #expect(
                        check.faults(of: content["examples"][name]["value"], by: content["schema"]) == [], "\(name)")
                    count += 1
                }
            }
        }
        #expect(count >= 5)
    }

    @Test func `every answer of text ends with a line end, errors too`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        let targets = [
            "/", "/start", "/healthz", "/metrics", "/openapi.json", "/v1/projects", "/v1/projects/p",
            "/v1/projects/p/volumes/v", "/v1/projects/none", "/nothing", "/v1/projects/p?x=1", "/v1/projects/p/jobs",
            "/v1/audit",
        ]
        for target in targets {
            let reply = try await fixture(.get, target)
            #expect(reply.text.hasSuffix("\n") && !reply.text.hasSuffix("\n\n"), "\(target)")
        }
        #expect(try await fixture(.post, "/v1/projects/p/jobs", "{}").text.hasSuffix("}\n"))
    }

    @Test func `a client that knows bytes only gets a picture as bytes`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        let target = "/v1/projects/p/volumes/v/slices/z/1"
        for (accept, type) in [
            ("application/octet-stream", "application/octet-stream"), ("*/*", "image/png"),
            ("image/png, application/octet-stream", "image/png"),
        ] {
            let picture = try await fixture(.get, target, headers: ["Accept": accept])
            #expect(picture.headers["Content-Type"] == type && picture.headers.all("Vary").contains("Accept"))
            #expect(picture.body.starts(with: [0x89, 0x50, 0x4e, 0x47]))
        }
    }
}
