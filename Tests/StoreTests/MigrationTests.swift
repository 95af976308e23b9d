import Migrations
import Store
import Testing

@Suite struct MigrationTests {
    /// A migration that has shipped is never edited: if this fails, restore the file and add a new one. Only a release
    /// adds lines here.
    static let shipped: [String: String] = [
        "0001_initial": "6a5621f7ec99dd177a4eb3fa07744e79815c311cea53785e07288275b0705cde"
    ]

    @Test func `no shipped migration was edited`() {
        for migration in Migrations.all {
            #expect(Self.shipped[migration.name] == migration.checksum, "\(migration.name)")
        }
        #expect(Migrations.all.count == Self.shipped.count)
    }

    @Test func `migrations are in the order of their names`() {
        let names = Migrations.all.map(\.name)
        #expect(names == names.sorted() && Set(names).count == names.count)
    }
}
