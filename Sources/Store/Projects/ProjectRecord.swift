package import Foundation
internal import GRDB

/// A set of classes shared by volumes and models.
package struct ProjectRecord: Hashable, Identifiable, Sendable {
    package let id: Int64
    package let name: String
    package let description: String
    /// Label value `i` is class `i`, removed ones included.
    package let classes: [ClassRecord]
    /// The name of the model that is meant where none is named; `nil` is the newest one that finished.
    package let model: String?
    package let created: Date
}

extension ProjectRecord {
    init(row: Row, _ database: Database) throws {
        let id: Int64 = row["id"]
        let model: Int64? = row["model"]
        self.init(
            id: id, name: row["name"], description: row["description"],
            classes: try ClassRecord.all(database, project: id),
            model: try String.fetchOne(database, sql: "SELECT name FROM model WHERE id = ?", arguments: [model]),
            created: row["created"])
    }

    static func find(_ database: Database, name: String) throws -> ProjectRecord? {
        try Row.fetchOne(database, sql: "SELECT * FROM project WHERE name = ?", arguments: [name])
            .map { try ProjectRecord(row: $0, database) }
    }

    static func fetch(_ database: Database, id: Int64) throws -> ProjectRecord {
        guard let row = try Row.fetchOne(database, sql: "SELECT * FROM project WHERE id = ?", arguments: [id]) else {
            throw StoreError.notFound("such project any more")
        }
        return try ProjectRecord(row: row, database)
    }
}
