internal import HTTP
internal import Logging
internal import Store

/// Writes down who changed what: every changing request that succeeded.
struct AuditTrail: Sendable {
    let store: Store
    let logger: Logger

    /// Before the answer leaves, so that what a client knows to be done stands in the log.
    @Sendable func noteChange(
        _ request: Request, _ next: @Sendable (Request) async throws -> Response
    ) async throws -> Response {
        let response = try await next(request)
        if (200..<300).contains(response.status), OriginGuard.isChange(request.head) {
            await note(response, to: request)
        }
        return response
    }

    private func note(_ response: Response, to request: Request) async {
        let entry = NewAuditEntry(
            token: request.client?.name, project: request.parameters["project"], method: request.method,
            path: request.head.target, status: response.status, request: request.id)
        do {
            try await store.audit(entry)
        } catch {
            // The change stands; to tell the client otherwise would be wrong.
            logger.error(
                "a change is missing in the audit log",
                metadata: [
                    "request": "\(request.id)", "token": "\(entry.token ?? "-")", "method": "\(entry.method)",
                    "path": "\(entry.path)", "error": "\(error)",
                ])
        }
    }
}

extension RequestHead {
    /// The path and the query, encoded anew.
    fileprivate var target: String {
        let items = query.items.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }
        return items.isEmpty ? path : "\(path)?\(items.joined(separator: "&"))"
    }
}
