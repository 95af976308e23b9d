internal import HTTP
internal import JSON
internal import Store

/// One call of the API: its path, its description for /openapi.json, and the function that answers it.
struct Endpoint: Sendable {
    let method: HTTP.Method
    let path: String
    let summary: String
    /// The role that a token needs in the path's project; `nil` if no token is needed.
    let role: Role?
    var query: [QueryParameter] = []
    var policy: BodyPolicy = .none
    /// The allowed bodies, if the call takes one.
    var content: [Content] = []
    /// Query parameters of a neighbouring call that clients confuse with this one; the function refuses them.
    var misplaced: Set<String> = []
    /// Whether `If-Match` and `If-None-Match` make the change conditional.
    var isConditional = false
    /// Whether its JSON has an entity tag.
    var isTagged = false
    /// Whether the last name of the path stands for all that is left of it, slashes included.
    var takesRest = false
    /// Whether its answer must not be stored, so that an `Idempotency-Key` is refused.
    var isUnrepeatable = false
    /// Whether the call may come without its body.
    var isBodyOptional = false
    /// Statuses of errors besides those that follow from the rest.
    var furtherErrors: Set<Int> = []
    let answers: [Answer]
    let answer: @Sendable (Request) async throws -> Response

    /// The default role is viewer for reading and admin for changes; `answers` leaves out the errors, which all calls
    /// share.
    init(
        _ method: HTTP.Method, _ path: String, _ summary: String, query: [QueryParameter] = [],
        policy: BodyPolicy = .none, content: [Content] = [], answers: [Answer],
        answer: @escaping @Sendable (Request) async throws -> Response
    ) {
        self.init(
            method, path, summary, role: method == .get ? .viewer : .admin, query: query, policy: policy,
            content: content, answers: answers, answer: answer)
    }

    init(
        _ method: HTTP.Method, _ path: String, _ summary: String, role: Role?, query: [QueryParameter] = [],
        policy: BodyPolicy = .none, content: [Content] = [], answers: [Answer],
        answer: @escaping @Sendable (Request) async throws -> Response
    ) {
        self.method = method
        self.path = path
        self.summary = summary
        self.role = role
        self.query = query
        self.policy = policy
        self.content = content
        self.answers = answers
        self.answer = answer
    }

    /// The same call, of which `If-Match` and `If-None-Match` are heeded.
    var conditional: Endpoint {
        var endpoint = self
        endpoint.isConditional = true
        return endpoint
    }

    /// The same call, whose JSON has an entity tag.
    var tagged: Endpoint {
        var endpoint = self
        endpoint.isTagged = true
        return endpoint
    }

    /// The same call, whose path goes on below its last name.
    ///
    /// What it leads to may be gone, which is 410.
    var below: Endpoint {
        var endpoint = self
        endpoint.takesRest = true
        return endpoint
    }

    /// The same call, whose answer has a secret and is not stored for those who ask again.
    var unrepeatable: Endpoint {
        var endpoint = self
        endpoint.isUnrepeatable = true
        return endpoint
    }

    /// The path as the router takes it.
    var pattern: String { takesRest ? String(path.dropLast()) + "...}" : path }

    /// What its query may have; clients of MONAI Label send parameters that say nothing.
    var queryRules: QueryRules {
        let texts = query.filter { $0.type["type"] != "boolean" }.map(\.name)
        return QueryRules(
            misplaced.union(query.map(\.name)), repeated: Set(query.filter(\.isRepeated).map(\.name)),
            filled: path.hasPrefix(API.monai) ? [] : Set(texts))
    }

    /// A query parameter.
    struct QueryParameter: Sendable {
        let name: String
        let type: JSONValue
        let description: String
        let isRequired: Bool
        /// Whether it may come several times.
        var isRepeated = false

        var repeated: Self {
            var parameter = self
            parameter.isRepeated = true
            return parameter
        }
    }

    /// A media type and the schema of its content.
    struct Content: Sendable {
        let type: String
        let schema: JSONValue
        /// The name of the schema, if it has one.
        var schemaName: String?

        static func json(_ schema: String) -> Content {
            Content(type: "application/json", schema: OpenAPI.reference(schema), schemaName: schema)
        }

        static func list(of schema: String) -> Content {
            Content(
                type: "application/json",
                schema: ["type": "array", "items": OpenAPI.reference(schema)])
        }

        /// A form of several parts, each with its schema.
        static func form(_ parts: KeyValuePairs<String, JSONValue>) -> Content {
            Content(type: "multipart/form-data", schema: OpenAPI.form(parts))
        }

        static func binary(_ type: String) -> Content {
            Content(type: type, schema: ["type": "string", "format": "binary"])
        }
    }

    /// An answer of the call without errors.
    struct Answer: Sendable {
        let status: Int
        let description: String
        var content: [Content]

        init(_ status: Int, _ description: String, _ content: Content...) {
            self.status = status
            self.description = description
            self.content = content
        }
    }
}

extension Endpoint.QueryParameter {
    static func text(_ name: String, _ description: String) -> Self {
        Self(name: name, type: ["type": "string", "minLength": 1], description: description, isRequired: false)
    }

    static func integer(_ name: String, _ description: String, required: Bool = false) -> Self {
        Self(
            name: name, type: ["type": "integer", "minimum": 0], description: description, isRequired: required)
    }

    static func integer(_ name: String, _ description: String, in range: ClosedRange<Int>) -> Self {
        Self(name: name, type: .integer(in: range), description: description, isRequired: false)
    }

    static func number(_ name: String, _ description: String) -> Self {
        Self(name: name, type: ["type": "number"], description: description, isRequired: false)
    }

    static func flag(_ name: String, _ description: String) -> Self {
        Self(name: name, type: ["type": "boolean", "default": false], description: description, isRequired: false)
    }

    /// One of the words of a named schema.
    static func choice(_ name: String, of schema: String, _ description: String, required: Bool = false) -> Self {
        Self(name: name, type: OpenAPI.reference(schema), description: description, isRequired: required)
    }
}
