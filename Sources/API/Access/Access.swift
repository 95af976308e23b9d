internal import HTTP
internal import Store

/// Decides about every request, from its head alone, whether it may be made.
///
/// Where no token was ever made, this machine may do everything and others nothing. From the first token on every
/// request needs one, those for health aside.
struct Access: Sendable {
    /// What a route needs; `nil` is nothing, not even a token.
    private let roles: [String: Role?]
    private let store: Store
    private let originGuard: OriginGuard
    private let isLocal: Bool
    private let failures = FailedTokens()

    init(_ endpoints: [Endpoint], store: Store, settings: APISettings) {
        roles = Dictionary(uniqueKeysWithValues: endpoints.map { (Self.key($0.method.rawValue, $0.path), $0.role) })
        self.store = store
        originGuard = OriginGuard(allowed: settings.allowedOrigins)
        isLocal = settings.isLocal
    }

    /// Throws what the client is told, or notes the visitor in the head; may wait for the database.
    @Sendable func admit(_ head: inout RequestHead) throws {
        let method = head.method == "HEAD" ? "GET" : head.method
        // Nothing is at an unknown place, but whether that is so is told to bearers of tokens only.
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
    }

    /// Cuts answers off that are still being made when their token is revoked.
    @Sendable func cutRevoked(
        _ request: Request, _ next: @Sendable (Request) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request)
        guard let client = request.client, case .stream(let stream) = response.body else { return response }
        response.body = .stream(
            stream.checking { [store] in
                guard try store.tokenCache.isValid(client.token.id) else { throw CancellationError() }
            })
        return response
    }

    private func identify(_ head: RequestHead, _ tokens: [TokenRecord]) throws(HTTPError) -> TokenRecord {
        guard let text = head.bearerToken else {
            throw Self.unauthorized("this server wants a token, sent as the header “Authorization: Bearer TOKEN”")
        }
        let record = TokenCache.find(text, in: tokens)
        if let record, record.isValid() { return record }
        if let seconds = failures.note(head.remoteAddress ?? "") {
            throw HTTPError(
                429, "too many wrong tokens came from this address; try again in \(seconds) s",
                headers: ["Retry-After": "\(seconds)"])
        }
        guard let record else { throw Self.unauthorized("the token is not known here", error: "invalid_token") }
        throw Self.unauthorized(
            "the token \(record.name) \(record.revoked == nil ? "has expired" : "was revoked")", error: "invalid_token")
    }

    private static func unauthorized(_ detail: String, error: String? = nil) -> HTTPError {
        let challenge = "Bearer realm=\"slicewise\"" + (error.map { ", error=\"\($0)\"" } ?? "")
        return HTTPError(401, detail, headers: ["WWW-Authenticate": challenge])
    }

    private static func key(_ method: String, _ path: String) -> String { "\(method) \(path)" }
}
