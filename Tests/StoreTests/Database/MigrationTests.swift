import Migrations
import Store
import TestSupport
import Testing
import Volumes

@Suite struct MigrationTests {
    /// The checksums of the migrations.
    ///
    /// A migration that has shipped is never edited: if this fails, restore the file and add a new one.
    static let shipped: [String: String] = [
        "0001_initial": "d93e6bb901747dc4fd22aacd0fe4542b42ffb1190251d75d4be95e0bf0519c12",
        "0002_tokens_and_audit": "35b43245eac7b10cb08fe1ae717774c6c9b389e5143cdc06c04fa9f2e724df91",
        "0007_answered_requests": "5f706b66ab2420eafbdf6c26ca601f0a075e4157a5c859abb705f5d47aa3b982",
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
        let old = try Store(folder: folder.url, migrations: Array(Migrations.all.prefix(version)))
        let fixture = StoreFixture(folder: folder, store: old)
        let project = try await fixture.project()
        let volume = try await fixture.volume(in: project)
        try old.close()
        let store = try Store(folder: folder.url)
        #expect(try await store.project(named: project.name).id == project.id)
        let source = try store.source(grid: try await store.volume(project: project.id, name: volume.name).image)
        #expect(try bytes(source) == [UInt8](repeating: 7, count: volume.header.extent.voxels))
        _ = try await store.createToken(name: "anna", role: .viewer, projects: [project.name])
        #expect(try await store.integrityCheck().isEmpty)
    }

    @Test func `migrations are in the order of their names`() {
        let names = Migrations.all.map(\.name)
        #expect(names == names.sorted() && Set(names).count == names.count)
    }
}
