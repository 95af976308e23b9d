internal import Cryptography
internal import Foundation
package import HTTP
internal import JSON
package import Store
internal import Synchronization

/// Answers a repeated POST with an `Idempotency-Key` as the first time, without doing it again.
///
/// The answer is stored together with the change, so that neither a crash nor a lost connection leads to a second one.
/// Only requests that changed something are remembered: what was refused has not, and may be tried again.
package final class Idempotency: Sendable {
    static let header = "Idempotency-Key"
    private static let lengths = 1...255

    private let store: Store
    /// The keys of requests that are being handled.
    private let current = Mutex<Set<RequestKey>>([])

    package init(store: Store) { self.store = store }

    @Sendable package func answerOnce(
        _ request: Request, _ next: @Sendable (Request) async throws -> Response
    ) async throws -> Response {
        guard request.method == Method.post.rawValue, let key = try key(of: request) else {
            return try await next(request)
        }
        let isFirst = current.withLock { current in
            current.contains { $0.client == key.client && $0.key == key.key } ? false : current.insert(key).inserted
        }
        guard isFirst else {
            throw HTTPError(
                409, "a request with this \(Self.header) is being answered; send it again in a moment",
                field: Self.header, headers: ["Retry-After": "1"])
        }
        defer { current.withLock { _ = $0.remove(key) } }
        switch try await store.remembered(key) {
        case .same(let answer?): return Response(repeating: answer)
        case .same(nil):
            throw HTTPError.conflict(
                "the first request with this \(Self.header) changed something, but the server stopped before it could "
                    + "answer; look at what is there, and use a new key for a new request", field: Self.header)
        case .other:
            throw HTTPError.invalid(
                "this \(Self.header) was used for another request; each request needs a key of its own, and only the "
                    + "same path, query and body may be sent with it again", field: Self.header)
        case nil: return try await answer(request, key, next)
        }
    }

    private func answer(
        _ request: Request, _ key: RequestKey, _ next: @Sendable (Request) async throws -> Response
    ) async throws -> Response {
        let pending = PendingRequest(key)
        let response = try await PendingRequest.$current.withValue(pending) { try await next(request) }
        let (isRecorded, isAnswered) = (pending.isRecorded, pending.isAnswered)
        pending.close()
        // With a stored answer the change is made, though the server stops before it can send this one.
        guard !isAnswered else { return response }
        // Tasks of their own are not cancelled when the client goes away, since its next try depends on them.
        let (store, answer) = (store, try StoredAnswer(response))
        if let answer, (200..<300).contains(response.status) {
            try await Task { try await store.remember(key, answer) }.value
        } else if isRecorded, (400..<500).contains(response.status) {
            try await Task { try await store.forget(key) }.value
        }
        return response
    }

    private func key(of request: Request) throws -> RequestKey? {
        let values = request.headers.all(Self.header)
        guard let key = values.first else { return nil }
        guard values.count == 1, Self.lengths.contains(key.utf8.count), key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
        else {
            throw HTTPError.malformed(
                "\(Self.header) is one text of 1 to 255 visible ASCII characters, such as a UUID", field: Self.header)
        }
        return RequestKey(client: request.client?.token.id ?? 0, key: key, digest: try Self.digest(request))
    }

    /// The SHA-256 of what the request asks for; the order of the query does not matter.
    private static func digest(_ request: Request) throws -> Data {
        let hash = SHA256()
        let query = request.query.items.map { [$0.name, $0.value] }.sorted { $0.lexicographicallyPrecedes($1) }
        for part in [[request.method], request.segments] + query {
            for word in part {
                hash.update(word.utf8)
                hash.update([0])
            }
            hash.update([0])
        }
        try request.body.read { hash.update($0) }
        return Data(hash.finalize())
    }
}

extension Idempotency {
    /// Makes a change and its answer; for a request with a key, the answer is stored with the change.
    package static func answering<Value: Sendable>(
        _ change: () async throws -> Value, by answer: @escaping @Sendable (Value) throws -> Response
    ) async throws -> Response {
        let stored = PendingRequest.Answer { value in
            try (value as? Value).flatMap { try StoredAnswer(answer($0)) }
        }
        return try answer(try await PendingRequest.$answer.withValue(stored) { try await change() })
    }
}

extension StoredAnswer {
    /// Nil for answers that are not in memory.
    fileprivate init?(_ response: Response) throws {
        let body: Data
        switch response.body {
        case .empty: body = Data()
        case .bytes(let bytes): body = Data(bytes)
        case .file, .stream: return nil
        }
        self.init(
            status: response.status,
            headers: response.headers.fields.map { Header(name: $0.name, value: $0.value) }, body: body)
    }
}

extension Response {
    /// The answer to a repeated request.
    fileprivate init(repeating answer: StoredAnswer) {
        var headers = Headers()
        for header in answer.headers { headers.add(header.name, header.value) }
        headers["Idempotency-Replayed"] = "true"
        self.init(
            status: answer.status, headers: headers, body: answer.body.isEmpty ? .empty : .bytes([UInt8](answer.body)))
    }
}
