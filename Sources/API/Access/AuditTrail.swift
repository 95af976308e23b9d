internal import HTTP
internal import Logging
internal import Store

/// Records who changed what: every successful request that changes something.
struct AuditTrail: Sendable {
    let store: Store
    let logger: Logger

    /// Runs before the answer is sent, so that every confirmed change is in the log.
    @Sendable func noteChange(
        _ request: Request, _ next: @Sendable (Request) async throws -> Response
    ) async throws -> Response {
        let response = try await next(request)
        if (200..<300).contains(response.status), OriginGuard.isChange(request.head),
            !WorkerRoutes.isOfWorkers(request.head.route)
        {
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
            // The change was made; reporting an error to the client would be wrong.
            logger.error(
                "a change is missing from the audit log",
                metadata: [
                    "request": "\(request.id)", "token": "\(entry.token ?? "-")", "method": "\(entry.method)",
                    "path": "\(entry.path)", "error": "\(error)",
                ])
        }
    }
}

extension RequestHead {
    /// The path and the query, percent-encoded again.
    fileprivate var target: String {
        let items = query.items.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }
        return items.isEmpty ? path : "\(path)?\(items.joined(separator: "&"))"
    }
}
