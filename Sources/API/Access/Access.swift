internal import HTTP
internal import Store

/// Decides from the head of each request whether it is allowed.
///
/// Until the first token is made, local clients may do everything and others nothing. From then on every request needs
/// a token, except health checks.
struct Access: Sendable {
    /// The role that a route needs; `nil` if it needs no token.
    private let roles: [String: Role?]
    private let store: Store
    private let originGuard: OriginGuard
    private let isLocal: Bool
    private let tokens: TokenCheck

    init(_ endpoints: [Endpoint], store: Store, tokens: TokenCheck, settings: APISettings) {
        roles = Dictionary(uniqueKeysWithValues: endpoints.map { (Self.key($0.method.rawValue, $0.pattern), $0.role) })
        self.store = store
        self.tokens = tokens
        originGuard = OriginGuard(allowed: settings.allowedOrigins)
        isLocal = settings.isLocal
    }

    /// Throws the refusal, or records the client in the head; may wait for the database.
    @Sendable func admit(_ head: inout RequestHead) throws {
        let method = head.method == "HEAD" ? "GET" : head.method
        // Only clients with a token learn whether a path exists.
        let role = head.route.flatMap { roles[Self.key(method, $0)] } ?? .viewer
        guard let role else { return }
        if isLocal, try tokens.areNone() {
            try originGuard.refuseForeignHost(head)
        } else {
            let client = AuthenticatedClient(
                token: try tokens.record(of: head.bearerToken, from: head.remoteAddress))
            head.principal = client
            try client.demand(role, in: head.parameters["project"])
        }
        try originGuard.refuseForeignChange(head)
        // Before the body comes, whose file would be the beginning of another folder in that place.
        if !["GET", "OPTIONS"].contains(method) { try store.checkPlace() }
    }

    /// Ends answers that are still being sent when their token is revoked, or when the first token is made.
    @Sendable func cutRevoked(
        _ request: Request, _ next: @Sendable (Request) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request)
        guard case .stream(let stream) = response.body else { return response }
        let token = request.client?.token.id
        response.body = .stream(
            stream.checking { [store] in
                let isAllowed =
                    try token.map { try store.tokenCache.isValid($0) } ?? store.tokenCache.tokens().isEmpty
                guard isAllowed else { throw CancellationError() }
            })
        return response
    }

    private static func key(_ method: String, _ path: String) -> String { "\(method) \(path)" }
}
