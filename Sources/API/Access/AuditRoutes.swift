internal import HTTP
internal import JSON
internal import Store

/// The audit log, for administrators.
struct AuditRoutes: Sendable {
    let api: API

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/audit", "The audit log: who changed what, newest first.", role: .admin,
                query: [
                    .text("project", "Only changes in this project; required for tokens that are not for all projects"),
                    .integer("limit", "The largest number of entries; 100 by default", in: Self.limits),
                    .integer("before", "Only entries with a smaller id, to continue after a first list"),
                ],
                answers: [.init(200, "The changes", .list(of: "AuditEntry"))], answer: list)
        ]
    }

    private static let limits = 1...1000

    private func list(_ request: Request) async throws -> Response {
        let project = request.query.text("project")
        let limit = try request.query.integer("limit", in: Self.limits) ?? 100
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
        return .json(.array(records.map { JSONValue($0) }))
    }
}

extension JSONValue {
    fileprivate init(_ record: AuditRecord) {
        let entry = record.entry
        self = [
            "id": .integer(Int(record.id)), "time": .time(record.time), "token": .optional(entry.token),
            "project": .optional(entry.project), "method": .string(entry.method), "path": .string(entry.path),
            "status": .integer(entry.status), "request": .string(entry.request),
        ]
    }
}
