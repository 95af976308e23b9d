package import Foundation
internal import GRDB

/// The name, rights and hash of a token; the token itself is not stored.
package struct TokenRecord: Hashable, Identifiable, Sendable {
    /// Where a role holds.
    package enum Scope: Hashable, Sendable {
        /// In every project, and for the server as a whole.
        case everywhere
        /// In the projects of these names.
        case projects(Set<String>)

        package func covers(_ project: String) -> Bool {
            switch self {
            case .everywhere: true
            case .projects(let names): names.contains(project)
            }
        }
    }

    package let id: Int64
    package let name: String
    package let role: Role
    package let scope: Scope
    package let created: Date
    package let expires: Date?
    package let revoked: Date?
    /// SHA-256 of the token.
    let hash: [UInt8]

    package func isExpired(at time: Date = Date()) -> Bool { expires.map { $0 <= time } ?? false }

    /// Whether it is neither revoked nor expired.
    package func isValid(at time: Date = Date()) -> Bool { revoked == nil && !isExpired(at: time) }
}

extension TokenRecord {
    private init(row: Row, projects: Set<String>) throws {
        guard let role = Role(rawValue: row["role"]) else { throw StoreError.corrupt("a token has an unknown role") }
        let hash: Data = row["hash"]
        self.init(
            id: row["id"], name: row["name"], role: role,
            scope: row["everywhere"] as Bool ? .everywhere : .projects(projects), created: row["created"],
            expires: row["expires"], revoked: row["revoked"], hash: [UInt8](hash))
    }

    /// Every token, revoked ones too, oldest first.
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

    /// The token of a name that is not revoked.
    static func find(_ database: Database, name: String) throws -> TokenRecord? {
        try fetchAll(database).first { $0.name == name && $0.revoked == nil }
    }
}
