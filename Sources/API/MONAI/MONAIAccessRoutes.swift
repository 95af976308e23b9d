internal import HTTP
internal import JSON
internal import Store

/// How clients of MONAI Label log in: any user name, and a token as the password.
struct MONAIAccessRoutes: Sendable {
    let api: API

    var endpoints: [Endpoint] {
        var login = Endpoint(
            .post, "\(API.monai)/auth/token", "Log in: the password is a token.", role: nil,
            policy: .memory(limit: 65536),
            content: [
                .init(
                    type: BodyMistake.form,
                    schema: [
                        "type": "object",
                        "properties": [
                            "username": OpenAPI.text("Any name"), "password": OpenAPI.text("A token"),
                            "grant_type": OpenAPI.text("password"),
                        ], "required": ["password"],
                    ])
            ],
            answers: [.init(200, "The token, and how to send it", .json("MONAIToken"))], answer: logIn)
        login.furtherErrors = [401, 403, 429]
        return [
            Endpoint(
                .get, "\(API.monai)/auth", "Whether a login is needed; 404 if it is not.", role: nil,
                answers: [.init(200, "It is", .json("MONAIAccess"))]
            ) { _ in
                guard try !api.settings.isLocal || !api.tokens.areNone() else {
                    throw HTTPError.notFound("this server needs no token")
                }
                return .json(["enabled": true, "client_id": "slicewise", "realm": "slicewise"])
            },
            login,
            Endpoint(
                .get, "\(API.monai)/auth/token/valid", "Whose token it is that was sent.",
                answers: [.init(200, "A valid one's", .json("MONAIUser"))]
            ) { request in
                let name = JSONValue.string(request.client?.name ?? "local")
                let role = request.client?.token.role ?? .admin
                let known = Role.allCases.filter { $0 != .worker && role.permits($0) }
                let roles = known.map { "monailabel-\(Self.word(for: $0))" }
                let user: JSONValue = [
                    "username": name, "name": name, "email": "", "roles": .array(roles.map(JSONValue.string)),
                ]
                return .json(user)
            },
        ]
    }

    /// MONAI Label's word for a role.
    private static func word(for role: Role) -> String {
        switch role {
        case .viewer, .worker: "user"
        case .annotator: "annotator"
        case .trainer: "reviewer"
        case .admin: "admin"
        }
    }

    private func logIn(_ request: Request) async throws -> Response {
        let form = try Query(parsing: String(decoding: request.body.bytes(), as: UTF8.self))
        guard let token = form.text("password") else {
            throw HTTPError.invalid("password is missing: a token; the user name may be any", field: "password")
        }
        guard try !api.settings.isLocal || !api.tokens.areNone() else {
            throw HTTPError.notFound("this server needs no token")
        }
        let record = try api.tokens.record(of: token, from: request.remoteAddress)
        try AuthenticatedClient(token: record).demand(.viewer, in: request.parameter("project"))
        return .json(["access_token": .string(token), "token_type": "bearer"])
    }
}
