internal import HTTP
internal import Store

/// The audit log, for those who answer for it.
struct AuditRoutes: Sendable {
    let api: API

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/audit", "Who changed what, newest first.", role: .admin,
                query: [
                    .text("project", "Only changes in this project; needed by tokens that are not for all of them"),
                    .integer("limit", "At most so many; 100 by default", in: 1...1000),
                    .integer("before", "Only entries with a smaller id, to go on behind a first list"),
                ],
                answers: [.init(200, "The changes", .list(of: "AuditEntry"))], answer: list)
        ]
    }

    private func list(_ request: Request) async throws -> Response {
        let project = request.text("project")
        let limit = try request.query.integer("limit") ?? 100
        guard (1...1000).contains(limit) else {
            throw HTTPError.invalid("limit is a number from 1 to 1000, not \(limit)", field: "limit")
        }
        if let client = request.client, client.token.scope != .everywhere {
            guard let project else {
                throw HTTPError(
                    403,
                    "this needs the role admin for all projects; the token \(client.name) may ask for "
                        + "?project=NAME", field: "project")
            }
            try client.demand(.admin, in: project)
        }
        let records = try await api.store.auditLog(
            project: project, limit: limit, before: try request.revision("before"))
        return .json(.array(records.map { JSON($0) }))
    }
}

extension JSON {
    fileprivate init(_ record: AuditRecord) {
        let entry = record.entry
        self = [
            "id": .integer(Int(record.id)), "time": .time(record.time), "token": .optional(entry.token),
            "project": .optional(entry.project), "method": .string(entry.method), "path": .string(entry.path),
            "status": .integer(entry.status), "request": .string(entry.request),
        ]
    }
}
