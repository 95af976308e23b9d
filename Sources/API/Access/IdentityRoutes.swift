internal import HTTP
internal import JSON
internal import Store

/// Whom the server takes a client for, so that programs and pages offer only what it may do.
enum IdentityRoutes {
    static let endpoints = [
        Endpoint(
            .get, "/v1/me", "The token's name, its role and its projects.",
            answers: [.init(200, "Whom the server takes you for", .json("Identity"))]
        ) { .json(JSONValue(identity: $0.client)) }
    ]
}

extension JSONValue {
    /// Whoever needs no token may do everything.
    fileprivate init(identity client: AuthenticatedClient?) {
        var projects: JSONValue = .null
        if case .projects(let names)? = client?.token.scope {
            projects = .array(names.sorted().map(JSONValue.string))
        }
        self = [
            "token": .optional(client?.name),
            "role": .string((client?.token.role ?? .admin).rawValue),
            "projects": projects,
        ]
    }
}

extension OpenAPI {
    static let identitySchemas: KeyValuePairs<String, JSONValue> = [
        "TokenRole": word(
            of: Role.allCases.map(\.rawValue),
            "What a token permits; each includes those before it, except that worker permits its own calls only"),
        "Identity": record(
            "Whom the server takes a client for.",
            [
                "token": orNull(text("The token's name; null where none is needed")),
                "role": reference("TokenRole", "What it may do; admin where no token is needed"),
                "projects": orNull(
                    list(text("A project's name"), "Where the role holds, by name; null for all projects")),
            ]),
    ]
}
