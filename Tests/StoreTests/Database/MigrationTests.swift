import Foundation
internal import GRDB
import Migrations
import Store
import TestSupport
import Testing

@Suite struct MigrationTests {
    /// The checksums of the migrations.
    ///
    /// A migration that has shipped is never edited: if this fails, restore the file and add a new one.
    static let shipped: [String: String] = [
        "0001_initial": "d93e6bb901747dc4fd22aacd0fe4542b42ffb1190251d75d4be95e0bf0519c12",
        "0002_tokens_and_audit": "35b43245eac7b10cb08fe1ae717774c6c9b389e5143cdc06c04fa9f2e724df91",
        "0003_changes_of_annotations": "3eb09ffb74f8b2e7b02e64794ee44a37205685d3e25c1a2061af43783a6024c9",
        "0004_classes_roles_and_pins": "de63f1928821641a4c5571a67012b0eba210ddf7dff3478cd4617798124a3e8c",
        "0007_answered_requests": "5f706b66ab2420eafbdf6c26ca601f0a075e4157a5c859abb705f5d47aa3b982",
        "0009_starts_without_progress": "1b55f3dd1d081e2e68296db80c2b074b6b12f87e58aea26dddbdfd0768b4bfe2",
        "0010_rings_of_events": "868afe5789f39b104ea45f5c162f2322e85e6a0b51d5894ce4a896c385501708",
        "0011_levels": "5d5652193ab2a2b67704947401077136d57d8d55072d2b325880edcc94400858",
        "0012_shares": "2814b41820c665ac8782819832bd1387c2d0b95b67d5383e81896f75b3354add",
        "0013_workers": "9e036de8ab98e1f5e64bf611bc20ae9291a115fed016ea71f5c9dabf33232cfa",
        "0014_slurm": "2cd9a5dfa96e37e4cdcfd2c01379a0491d80c41bdbe0c99879f277d92d1bad8a",
        "0015_units": "17b2ad6405aa1b8a130d025dbd26621cda35732ba470a4a2ac45d714d3243be5",
    ]

    @Test func `no shipped migration was edited`() {
        for migration in Migrations.all {
            #expect(Self.shipped[migration.name] == migration.checksum, "\(migration.name)")
        }
        #expect(Migrations.all.count == Self.shipped.count)
    }

    @Test(arguments: 1..<Migrations.all.count)
    func `a database of an earlier version opens and keeps its content`(version: Int) async throws {
        let folder = try TemporaryFolder()
        defer { folder.keep() }
        let old = try Store(folder: folder.url, migrations: Array(Migrations.all.prefix(version)))
        try old.close()
        // Only the program of that version could write there; this is what it did.
        let queue = try DatabaseQueue(path: old.file.path)
        try await queue.write { database in
            try database.execute(
                sql: """
                    INSERT INTO project (name, created) VALUES ('kidney', '2026-01-01 00:00:00.000');
                    INSERT INTO class (project, value, name, color) VALUES (1, 0, 'inside', '#e69f00')
                    """)
        }
        try queue.close()
        let store = try Store(folder: folder.url)
        let project = try await store.project(named: "kidney")
        #expect(project.classes == [ClassRecord(name: "inside", color: "#e69f00")])
        _ = try await store.createToken(name: "anna", role: .viewer, projects: [project.name])
        #expect(try await store.integrityCheck().isEmpty)
    }

    @Test func `migrations are in the order of their names`() {
        let names = Migrations.all.map(\.name)
        #expect(names == names.sorted() && Set(names).count == names.count)
    }
}
