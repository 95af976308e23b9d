internal import HTTP
internal import Store

/// A copy of everything, for administrators.
struct BackupRoutes: Sendable {
    let api: API

    /// Makers of clients know no media type of SQLite.
    static let type = "application/octet-stream"

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/backup", "A checked copy of all data with the state of one moment, as one file.",
                role: .admin,
                answers: [.init(200, "The file, which a server starts with as slicewise.sqlite", .binary(Self.type))],
                answer: get)
        ]
    }

    private func get(_ request: Request) async throws -> Response {
        if let client = request.client, client.token.scope != .everywhere {
            throw HTTPError(
                403,
                "this needs the role admin for all projects, all of which it holds; the token \(client.name) is for some"
            )
        }
        // Each copy is another one.
        guard request.headers["Range"] == nil else {
            throw HTTPError(
                416, "a backup is made anew for each request, so that there are no parts of one; leave Range out")
        }
        // To tell whether one would be sent needs no copy.
        guard request.method != Method.head.rawValue else {
            try await api.backups.check()
            return .stream(StreamBody { _ in }, contentType: Self.type)
        }
        return try await api.backups.make()
    }
}
