internal import HTTP
internal import JSON
internal import Store
internal import Volumes

/// The OpenAPI 3.1 description of the API, made from the endpoints.
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
            "tags": tags,
            "paths": .object(paths),
            "components": [
                "schemas": .object(schemas),
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

        Errors are application/problem+json (RFC 9457) and say what was wrong and what would be right. Besides those \
        listed, any path answers 405 with Allow to other methods, and 413 to a large body if the call takes none.

        A POST with an Idempotency-Key may be sent again, when its answer was lost for instance: within a day the same \
        request gets the first answer, with Idempotency-Replayed: true, and nothing is done twice. Another request with \
        the key is 422; requests that were refused are not remembered.

        Answers are compressed for clients that send Accept-Encoding (zstd, gzip), except pictures, compressed files, \
        parts of files and short answers; each coding has an ETag of its own.

        Predictions, their slices and pictures, reports and suggestions name the model that made them in X-Slicewise-Model.
        """

    private static let tokens = """
        Tokens are made by `slicewise token create`. A token has a role (viewer < annotator < trainer < admin, and worker for \
        the calls of workers only) in some projects or in all; each call says which it needs. Until a first token is made, none is needed.
        """

    private static func operation(_ endpoint: Endpoint) -> JSONValue {
        var members: JSONObject = [
            "tags": [.string(tag(of: endpoint.path))], "summary": .string(endpoint.summary),
            "operationId": .string(identifier(endpoint)),
        ]
        var parameters = names(in: endpoint.path).map(segment) + endpoint.query.map(parameter)
        if endpoint.method == .post, !endpoint.isUnrepeatable { parameters.append(idempotencyKey) }
        if !parameters.isEmpty { members["parameters"] = .array(parameters) }
        if !endpoint.content.isEmpty {
            let isFile = endpoint.content.contains(where: \.isBinary)
            members["requestBody"] = [
                "description": isFile
                    ? "The file itself; its content says what it is, not the type"
                    : endpoint.content.contains(where: \.isForm) ? "A form" : "JSON in UTF-8",
                "required": .bool(!endpoint.isBodyOptional), "content": content(endpoint.content),
            ]
        }
        members["responses"] = responses(endpoint)
        let scheme: JSONValue = ["token": .array(endpoint.role.map { [.string($0.rawValue)] } ?? [])]
        members["security"] = endpoint.role == nil ? [] : [scheme]
        return .object(members)
    }

    /// The answers that the call declares, those to range and conditional requests, and the errors.
    private static func responses(_ endpoint: Endpoint) -> JSONValue {
        var responses = JSONObject()
        for answer in endpoint.answers {
            var headers = JSONObject()
            if answer.status == 201 || answer.status == 202 {
                headers["Location"] = header("The path of what was made", type: "string")
            }
            if endpoint.sendsFiles { headers["ETag"] = header("Changes whenever the bytes do", type: "string") }
            responses["\(answer.status)"] = response(answer.description, answer.content, headers)
        }
        if endpoint.sendsFiles {
            responses["206"] = response("The requested range", endpoint.answers.flatMap(\.content))
        }
        if endpoint.sendsFiles || endpoint.isTagged {
            responses["304"] = response("The client's representation, named in If-None-Match, is current", [])
        }
        for status in endpoint.errors {
            responses["\(status)"] = ["$ref": .string("#/components/responses/\(status)")]
        }
        return .object(responses)
    }

    private static func header(_ description: String, type: JSONValue) -> JSONValue {
        ["description": .string(description), "schema": ["type": type]]
    }

    private static func response(
        _ description: String, _ types: [Endpoint.Content], _ headers: JSONObject = [:]
    ) -> JSONValue {
        var value: JSONObject = ["description": .string(description)]
        if !headers.isEmpty { value["headers"] = .object(headers) }
        if !types.isEmpty { value["content"] = content(types) }
        return .object(value)
    }

    private static func content(_ content: [Endpoint.Content]) -> JSONValue {
        .object(
            JSONObject(
                content.map { one in
                    var members: JSONObject = ["schema": one.schema]
                    if let examples = examples[one.schemaName ?? ""] { members["examples"] = examples }
                    return .init(name: one.type, value: .object(members))
                }))
    }

    private static func parameter(_ parameter: Endpoint.QueryParameter) -> JSONValue {
        [
            "name": .string(parameter.name), "in": "query", "required": .bool(parameter.isRequired),
            "description": .string(parameter.description), "schema": parameter.type,
        ]
    }

    private static let idempotencyKey: JSONValue = [
        "name": .string(Idempotency.header), "in": "header", "required": false,
        "description": "A text of your own: the same request with it again, within a day, gets the first answer",
        "schema": ["type": "string", "minLength": 1, "maxLength": 255],
    ]

    private static func segment(_ name: String) -> JSONValue {
        let schema: JSONValue =
            switch name {
            case "axis": reference("Axis")
            // Slashes in it are part of the path.
            case "key": ["type": "string", "pattern": "^[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*$"]
            case "token": ["type": "string", "pattern": .string("^\(Store.tokenPrefix)[A-Za-z0-9_-]{43}$")]
            case "digest": ["type": "string", "pattern": "^[0-9a-f]{64}$"]
            case "index", "id", "level", "share", "attempt": ["type": "integer", "minimum": 0]
            default: ["type": "string", "pattern": .string("^\(Name.pattern)$")]
            }
        return [
            "name": .string(name), "in": "path", "required": true, "description": .string(meaning(ofSegment: name)),
            "schema": schema,
        ]
    }

    /// The names in braces, in order.
    static func names(in path: String) -> [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") && $0.hasSuffix("}") }.map {
            String($0.dropFirst().dropLast())
        }
    }

    /// A name for generated clients: `get_projects_volumes_image`, ending in `one` if the path ends with a name, in
    /// `all` if it ends with what is done to a whole collection.
    private static func identifier(_ endpoint: Endpoint) -> String {
        let words = endpoint.path.split(separator: "/").filter { $0 != "v1" }
        let named = words.filter { !$0.hasPrefix("{") }.map { String($0).replacing(".", with: "_") }
        guard !words.isEmpty else { return "\(endpoint.method.rawValue.lowercased())_index" }
        let ending = words.suffix(2).map { $0.hasPrefix("{") }
        let suffix = ending.last == true ? ["one"] : ending == [false, false] ? ["all"] : []
        return ([endpoint.method.rawValue.lowercased()] + named + suffix).joined(separator: "_")
    }
}
