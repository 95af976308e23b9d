import Migrations
import Store
import Testing

@Suite struct MigrationTests {
    /// The checksums of the migrations.
    ///
    /// A migration that has shipped is never edited: if this fails, restore the file and add a new one.
    static let shipped: [String: String] = [
        "0001_initial": "d93e6bb901747dc4fd22aacd0fe4542b42ffb1190251d75d4be95e0bf0519c12"
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
