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
    private let failures = FailedTokens()

    init(_ endpoints: [Endpoint], store: Store, settings: APISettings) {
        roles = Dictionary(uniqueKeysWithValues: endpoints.map { (Self.key($0.method.rawValue, $0.pattern), $0.role) })
        self.store = store
        originGuard = OriginGuard(allowed: settings.allowedOrigins)
        isLocal = settings.isLocal
    }

    /// Throws the refusal, or records the client in the head; may wait for the database.
    @Sendable func admit(_ head: inout RequestHead) throws {
        let method = head.method == "HEAD" ? "GET" : head.method
        // Only clients with a token learn whether a path exists.
        let role = head.route.flatMap { roles[Self.key(method, $0)] } ?? .viewer
        guard let role else { return }
        let tokens = try store.tokenCache.tokens()
        if tokens.isEmpty, isLocal {
            try originGuard.refuseForeignHost(head)
        } else {
            let client = AuthenticatedClient(token: try identify(head, tokens))
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

    private func identify(_ head: RequestHead, _ tokens: [TokenRecord]) throws(HTTPError) -> TokenRecord {
        guard let text = head.bearerToken else {
            throw Self.unauthorized("this server needs a token, sent as the header “Authorization: Bearer TOKEN”")
        }
        let record = TokenCache.find(text, in: tokens)
        if let record, record.isValid(at: store.tokenCache.now) { return record }
        if let seconds = failures.note(head.remoteAddress ?? "") {
            throw HTTPError(
                429, "too many wrong tokens came from this address; try again in \(seconds) s",
                headers: ["Retry-After": "\(seconds)"])
        }
        guard let record else { throw Self.unauthorized("the token is not known", error: "invalid_token") }
        throw Self.unauthorized(
            "the token \(record.name) \(record.revoked == nil ? "has expired" : "was revoked")", error: "invalid_token")
    }

    private static func unauthorized(_ detail: String, error: String? = nil) -> HTTPError {
        let challenge = "Bearer realm=\"slicewise\"" + (error.map { ", error=\"\($0)\"" } ?? "")
        return HTTPError(401, detail, headers: ["WWW-Authenticate": challenge])
    }

    private static func key(_ method: String, _ path: String) -> String { "\(method) \(path)" }
}
