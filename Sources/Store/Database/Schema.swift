internal import Cryptography
internal import Foundation
internal import GRDB
package import Migrations
internal import Text

extension Migration {
    /// The SHA-256 of its text in lower-case hexadecimal digits, as stored in the database.
    package var checksum: String { SHA256.hash(sql.utf8).hexadecimal }
}

/// Migrates a database to the schema of this program, or refuses it.
struct Schema {
    let migrations: [Migration]

    func apply(to pool: DatabasePool) throws {
        try pool.read(check)
        try pool.write { database in
            try database.execute(
                sql: """
                    CREATE TABLE IF NOT EXISTS migration_checksum (
                        name TEXT PRIMARY KEY, sha256 TEXT NOT NULL, applied TEXT NOT NULL) STRICT
                    """)
        }
        var migrator = DatabaseMigrator()
        for migration in migrations {
            migrator.registerMigration(migration.name) { database in
                try database.execute(sql: migration.sql)
                try database.execute(
                    sql: "INSERT INTO migration_checksum (name, sha256, applied) VALUES (?, ?, ?)",
                    arguments: [migration.name, migration.checksum, Date()])
            }
        }
        try migrator.migrate(pool)
    }

    /// Throws unless every migration of this program, and no other, was applied.
    func verify(_ pool: DatabasePool) throws {
        try pool.read { database in
            try check(database)
            let isComplete =
                try database.tableExists("migration_checksum")
                && Int.fetchOne(database, sql: "SELECT count(*) FROM migration_checksum") == migrations.count
            guard isComplete else {
                throw StoreError.failed("the running server is of an older version; use its program, or stop it first")
            }
        }
    }

    /// Throws if a migration that was applied is unknown to this program or was edited since.
    private func check(_ database: Database) throws {
        guard try database.tableExists("migration_checksum") else { return }
        let applied = try Row.fetchAll(database, sql: "SELECT name, sha256 FROM migration_checksum ORDER BY name")
        let known = Dictionary(migrations.map { ($0.name, $0.checksum) }, uniquingKeysWith: { first, _ in first })
        let unknown = applied.map { $0["name"] as String }.filter { known[$0] == nil }
        guard unknown.isEmpty else { throw StoreError.newerSchema(unknown) }
        for row in applied where known[row["name"]] != row["sha256"] {
            throw StoreError.editedMigration(row["name"])
        }
    }
}
