internal import Foundation
internal import GRDB

extension TokenRecord {
    private init(row: Row, projects: Set<String>) throws {
        guard let role = Role(rawValue: row["role"]) else { throw StoreError.corrupt("a token has an unknown role") }
        let hash: Data = row["hash"]
        self.init(
            id: row["id"], name: row["name"], role: role,
            scope: row["everywhere"] as Bool ? .everywhere : .projects(projects), created: row["created"],
            expires: row["expires"], revoked: row["revoked"], hash: [UInt8](hash))
    }

    /// All of them, revoked ones too, oldest first.
    static func fetchAll(_ database: Database) throws -> [TokenRecord] {
        var projects: [Int64: Set<String>] = [:]
        let links = try Row.fetchAll(
            database,
            sql: "SELECT token, project.name FROM token_project JOIN project ON project.id = token_project.project")
        for row in links { projects[row[0], default: []].insert(row[1]) }
        return try Row.fetchAll(database, sql: "SELECT * FROM token ORDER BY id").map { row in
            try TokenRecord(row: row, projects: projects[row["id"]] ?? [])
        }
    }

    /// The one of a name that is not revoked.
    static func find(_ database: Database, name: String) throws -> TokenRecord? {
        try fetchAll(database).first { $0.name == name && $0.revoked == nil }
    }
}
