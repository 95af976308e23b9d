internal import HTTP
internal import JSON
internal import Store
internal import Volumes

/// The description of the API for machines, OpenAPI 3.1, made from the endpoints themselves.
enum OpenAPI {
    static func document(of endpoints: [Endpoint]) -> JSONValue {
        var paths: JSONObject = [:]
        for endpoint in endpoints {
            var operations = JSONObject()
            if case .object(let known)? = paths[endpoint.path] { operations = known }
            operations[endpoint.method.rawValue.lowercased()] = operation(endpoint)
            paths[endpoint.path] = .object(operations)
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Slicewise",
                "version": "1",
                "summary": "From a few annotated slices to a dense segmentation of a 3D image.",
                "description": .string(conventions),
            ],
            "paths": .object(paths),
            "components": [
                "schemas": schemas,
                "responses": errors,
                "securitySchemes": [
                    "token": ["type": "http", "scheme": "bearer", "description": .string(tokens)]
                ],
            ],
        ]
    }

    private static let conventions = """
        Arrays are ordered C, Z, Y, X. Indices start at 0. A slice on axis z is the (y, x) plane, on y the (z, x) \
        plane, on x the (z, y) plane: rows × columns in that order. Label values are class indices; 255 is unlabeled.

        Errors are application/problem+json (RFC 9457) that says what was wrong and what would be right. Beside those \
        listed, any path answers 405 with Allow to other methods, and 413 to a large body where none is wanted.

        Answers are packed for clients that send Accept-Encoding (zstd, gzip), but for pictures, files that are packed \
        already, parts of files, and what is short; each coding has an ETag of its own.
        """

    private static let tokens = """
        Made by `slicewise token create`. A token has a role (viewer < annotator < trainer < admin) in some projects or \
        in all; each call says which it needs. Where no token was ever made, none is needed.
        """

    private static func operation(_ endpoint: Endpoint) -> JSONValue {
        var members: JSONObject = [
            "summary": .string(endpoint.summary), "operationId": .string(identifier(endpoint)),
        ]
        let parameters = names(in: endpoint.path).map(segment) + endpoint.query.map(parameter)
        if !parameters.isEmpty { members["parameters"] = .array(parameters) }
        if !endpoint.content.isEmpty {
            members["requestBody"] = ["required": true, "content": content(endpoint.content)]
        }
        members["responses"] = responses(endpoint)
        let scheme: JSONValue = ["token": .array(endpoint.role.map { [.string($0.rawValue)] } ?? [])]
        members["security"] = endpoint.role == nil ? [] : [scheme]
        return .object(members)
    }

    /// The answers that the call declares, what files can do beside, and what can go wrong.
    private static func responses(_ endpoint: Endpoint) -> JSONValue {
        var responses = JSONObject()
        for answer in endpoint.answers {
            responses["\(answer.status)"] = response(answer.description, answer.content)
        }
        if endpoint.sendsFiles {
            responses["206"] = response("The part that Range asks for", endpoint.answers.flatMap(\.content))
            responses["304"] = response("What If-None-Match names is current", [])
        }
        for status in endpoint.errors {
            responses["\(status)"] = ["$ref": .string("#/components/responses/\(status)")]
        }
        return .object(responses)
    }

    private static func response(_ description: String, _ types: [Endpoint.Content]) -> JSONValue {
        var value: JSONObject = ["description": .string(description)]
        if !types.isEmpty { value["content"] = content(types) }
        return .object(value)
    }

    private static func content(_ content: [Endpoint.Content]) -> JSONValue {
        .object(JSONObject(content.map { .init(name: $0.type, value: ["schema": $0.schema]) }))
    }

    private static func parameter(_ parameter: Endpoint.QueryParameter) -> JSONValue {
        [
            "name": .string(parameter.name), "in": "query", "required": .bool(parameter.isRequired),
            "description": .string(parameter.description), "schema": parameter.type,
        ]
    }

    private static func segment(_ name: String) -> JSONValue {
        let schema: JSONValue =
            switch name {
            case "axis": .words(Axis.allCases.map(\.rawValue))
            case "index", "id": ["type": "integer", "minimum": 0]
            default: ["type": "string", "pattern": .string("^\(Name.pattern)$")]
            }
        return ["name": .string(name), "in": "path", "required": true, "schema": schema]
    }

    /// The names in braces, in order.
    static func names(in path: String) -> [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") && $0.hasSuffix("}") }.map {
            String($0.dropFirst().dropLast())
        }
    }

    /// A name for generated clients: `get_projects_volumes_image`, with `one` for a thing by its name.
    private static func identifier(_ endpoint: Endpoint) -> String {
        let words = endpoint.path.split(separator: "/").filter { $0 != "v1" }
        let named = words.filter { !$0.hasPrefix("{") }.map { String($0).replacing(".", with: "_") }
        let suffix = words.last?.hasPrefix("{") == true ? ["one"] : []
        return ([endpoint.method.rawValue.lowercased()] + named + suffix).joined(separator: "_")
    }
}
