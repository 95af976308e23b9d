internal import HTTP
internal import Store

/// Finds out whose token it is that a client sends, and slows down those who guess.
struct TokenCheck: Sendable {
    private let store: Store
    private let failures = FailedTokens()

    init(_ store: Store) { self.store = store }

    /// Whether no token was ever made.
    func areNone() throws -> Bool { try store.tokenCache.tokens().isEmpty }

    /// The valid token of this text; throws 401, and 429 if too many wrong ones came from the address.
    func record(of text: String?, from address: String?) throws -> TokenRecord {
        let tokens = try store.tokenCache.tokens()
        guard let text else {
            throw Self.unauthorized("this server needs a token, sent as the header “Authorization: Bearer TOKEN”")
        }
        let record = TokenCache.find(text, in: tokens)
        if let record, record.isValid(at: store.tokenCache.now) { return record }
        if let seconds = failures.note(address ?? "") {
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
}
