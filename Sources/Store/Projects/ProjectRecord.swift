package import Foundation
internal import GRDB

/// A set of classes shared by volumes and models.
package struct ProjectRecord: Hashable, Identifiable, Sendable {
    package let id: Int64
    package let name: String
    package let description: String
    /// Label value `i` is class `i`.
    package let classes: [ClassRecord]
    package let created: Date
}

extension ProjectRecord {
    init(row: Row, _ database: Database) throws {
        let id: Int64 = row["id"]
        let classes = try Row.fetchAll(
            database, sql: "SELECT name, color FROM class WHERE project = ? ORDER BY value", arguments: [id])
        self.init(
            id: id, name: row["name"], description: row["description"],
            classes: classes.map { ClassRecord(name: $0["name"], color: $0["color"]) }, created: row["created"])
    }

    static func find(_ database: Database, name: String) throws -> ProjectRecord? {
        try Row.fetchOne(database, sql: "SELECT * FROM project WHERE name = ?", arguments: [name])
            .map { try ProjectRecord(row: $0, database) }
    }

    static func fetch(_ database: Database, id: Int64) throws -> ProjectRecord {
        guard let row = try Row.fetchOne(database, sql: "SELECT * FROM project WHERE id = ?", arguments: [id]) else {
            throw StoreError.notFound("project with number \(id)")
        }
        return try ProjectRecord(row: row, database)
    }
}
