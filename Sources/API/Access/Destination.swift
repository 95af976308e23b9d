internal import HTTP
internal import Store

/// What the path of a request with a body names: it has to be there before the body is received.
struct Destination: Sendable {
    let store: Store

    /// Throws 404 if a project, volume or job of the path isn't there.
    ///
    /// Two are let in: what a `PUT` makes, and a `POST` that was answered before, which gets that answer again.
    @Sendable func admit(_ head: inout RequestHead) async throws {
        guard head.isChunked || head.contentLength ?? 0 > 0, let route = head.route else { return }
        var names = route.split(separator: "/").map(String.init)
        if head.method == Method.put.rawValue { names.removeLast() }
        do {
            try await find(head.parameters.filter { names.contains("{\($0.key)}") })
        } catch StoreError.notFound(let what) {
            guard try await isRepeated(head) else { throw StoreError.notFound(what) }
        }
    }

    private func find(_ names: [String: String]) async throws {
        guard let name = names["project"] else { return }
        let project = try await store.project(named: name)
        if let name = names["volume"] { _ = try await store.volume(project: project.id, name: name) }
        if let job = names["id"].flatMap({ Int64($0) }) { _ = try await store.job(project: project.id, id: job) }
    }

    private func isRepeated(_ head: RequestHead) async throws -> Bool {
        guard head.method == Method.post.rawValue, let key = head.headers[Idempotency.header] else { return false }
        let client = (head.principal as? AuthenticatedClient)?.token.id ?? 0
        return try await store.remembers(client: client, key: key)
    }
}
