internal import HTTP
internal import Store

/// The description of the API for machines, OpenAPI 3.1, made from the endpoints themselves.
enum OpenAPI {
    static func document(of endpoints: [Endpoint]) -> JSON {
        var paths: [JSON.Member] = []
        for endpoint in endpoints {
            let operation = JSON.Member(name: endpoint.method.rawValue.lowercased(), value: operation(endpoint))
            if let place = paths.firstIndex(where: { $0.name == endpoint.path }),
                case .object(let members) = paths[place].value
            {
                paths[place].value = .object(members + [operation])
            } else {
                paths.append(JSON.Member(name: endpoint.path, value: .object([operation])))
            }
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

    private static func operation(_ endpoint: Endpoint) -> JSON {
        var members: [JSON.Member] = [
            .init(name: "summary", value: .string(endpoint.summary)),
            .init(name: "operationId", value: .string(identifier(endpoint))),
        ]
        let parameters = names(in: endpoint.path).map(segment) + endpoint.query.map(parameter)
        if !parameters.isEmpty { members.append(.init(name: "parameters", value: .array(parameters))) }
        if !endpoint.content.isEmpty {
            members.append(
                .init(name: "requestBody", value: ["required": true, "content": content(endpoint.content)]))
        }
        members.append(.init(name: "responses", value: responses(endpoint)))
        let scheme: JSON = ["token": .array(endpoint.role.map { [.string($0.rawValue)] } ?? [])]
        members.append(.init(name: "security", value: endpoint.role == nil ? [] : [scheme]))
        return .object(members)
    }

    /// The answers that the call declares, what files can do beside, and what can go wrong.
    private static func responses(_ endpoint: Endpoint) -> JSON {
        var members = endpoint.answers.map { answer in
            response(answer.status, answer.description, answer.content)
        }
        if endpoint.sendsFiles {
            let content = endpoint.answers.flatMap(\.content)
            members.append(response(206, "The part that Range asks for", content))
            members.append(response(304, "What If-None-Match names is current", []))
        }
        for status in endpoint.errors {
            members.append(.init(name: "\(status)", value: ["$ref": .string("#/components/responses/\(status)")]))
        }
        return .object(members)
    }

    private static func response(_ status: Int, _ description: String, _ types: [Endpoint.Content]) -> JSON.Member {
        var value: [JSON.Member] = [.init(name: "description", value: .string(description))]
        if !types.isEmpty { value.append(.init(name: "content", value: content(types))) }
        return .init(name: "\(status)", value: .object(value))
    }

    private static func content(_ content: [Endpoint.Content]) -> JSON {
        .object(content.map { JSON.Member(name: $0.type, value: ["schema": $0.schema]) })
    }

    private static func parameter(_ parameter: Endpoint.QueryParameter) -> JSON {
        [
            "name": .string(parameter.name), "in": "query", "required": .boolean(parameter.isRequired),
            "description": .string(parameter.description), "schema": parameter.type,
        ]
    }

    private static func segment(_ name: String) -> JSON {
        let schema: JSON =
            switch name {
            case "axis": ["type": "string", "enum": ["z", "y", "x"]]
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
