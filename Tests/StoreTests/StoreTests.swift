import Foundation
internal import GRDB
import Migrations
import Store
import TestSupport
import Testing
import Volumes

@Suite struct StoreTests {
    @Test func `what was stored is there when it is opened again`() async throws {
        let folder = try TemporaryFolder()
        defer { folder.keep() }
        let extent = Extent(z: 3, y: 4, x: 5)
        do {
            let store = try Store(folder: folder.url.appending(path: "deeper/data"))
            let project = try await store.putProject(
                name: "p", description: "d", classes: [ClassRecord(name: "a", color: "#00ff00")]
            ).project
            let writer = try store.makeGrid(header: VolumeHeader(extent: extent, element: .uint8))
            try writer.write(box: Box(extent: extent), channel: 0, values: [UInt8](0..<60))
            let volume = try await store.putVolume(
                project: project.id, name: "v", grid: try writer.finish(), statistics: [StoreFixture.statistics],
                sha256: StoreFixture.hash("0"), bytes: 60
            ).volume
            _ = try await store.postAnnotations(
                volume: volume.id,
                [NewAnnotation(at: SlicePosition(.z, 1), rows: 4, columns: 5, values: [UInt8](repeating: 0, count: 20))]
            )
            try store.close()
        }
        let store = try Store(folder: folder.url.appending(path: "deeper/data"))
        let project = try await store.project(named: "p")
        #expect(project.description == "d" && project.classes.map(\.name) == ["a"])
        let volume = try await store.volume(project: project.id, name: "v")
        #expect(try bytes(try store.source(grid: volume.image)) == [UInt8](0..<60))
        #expect(try await store.currentAnnotations(volume: volume.id).map(\.counts) == [[0: 20]])
        #expect(try await store.integrityCheck().isEmpty)
    }

    @Test func `a second store on one folder is refused and can open it when the first is closed`() throws {
        let fixture = try StoreFixture()
        let error = #expect(throws: StoreError.self) { try Store(folder: fixture.folder.url) }
        #expect(error == .folderInUse(fixture.folder.url, by: getpid()))
        #expect("\(error.map { "\($0)" } ?? "")".contains("in use by another server"))
        try fixture.store.close()
        try Store(folder: fixture.folder.url).close()
    }

    @Test func `a store that is released lets go of its folder`() throws {
        let folder = try TemporaryFolder()
        defer { folder.keep() }
        for _ in 0..<3 {
            let store = try Store(folder: folder.url)
            let writer = try store.makeGrid(
                header: VolumeHeader(extent: Extent(z: 1, y: 1, x: 1), element: .uint8))
            _ = try bytes(try store.source(grid: try writer.finish()))
        }
    }

    @Test func `a database that another program holds is busy, not broken`() async throws {
        let folder = try TemporaryFolder()
        defer { folder.keep() }
        var options = StoreOptions()
        options.patience = 0.05
        let store = try Store(folder: folder.url, options: options)
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: folder.path("slicewise.sqlite"), configuration: configuration)
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        let error = await failure { _ = try await store.putProject(name: "p", description: nil, classes: []) }
        #expect(error == .busy)
        try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        _ = try await store.putProject(name: "p", description: nil, classes: [])
    }

    @Test func `without its folder a store takes nothing, and goes on when it is put back`() async throws {
        let folder = try TemporaryFolder()
        defer { folder.keep() }
        let (data, aside) = (folder.url.appending(path: "data"), folder.url.appending(path: "aside"))
        let store = try Store(folder: data)
        try FileManager.default.moveItem(at: data, to: aside)
        // Somebody else begins anew there.
        let other = try Store(folder: data)
        #expect(!store.isInPlace && other.isInPlace)
        let error = await failure { _ = try await store.putProject(name: "p", description: nil, classes: []) }
        #expect(error == .gone(data))
        try other.close()
        try FileManager.default.removeItem(at: data)
        #expect(!store.isInPlace)
        try FileManager.default.moveItem(at: aside, to: data)
        #expect(store.isInPlace)
        _ = try await store.putProject(name: "p", description: nil, classes: [])
    }

    @Test(arguments: ["slicewise.sqlite", "slicewise.sqlite-wal"])
    func `without one of its files a store takes nothing`(name: String) async throws {
        let fixture = try StoreFixture()
        _ = try await fixture.project()
        try FileManager.default.removeItem(atPath: fixture.folder.path(name))
        let error = await failure { _ = try await fixture.project("other") }
        #expect(error == .gone(fixture.folder.url))
    }

    @Test func `a lock file that is gone lets no second store in`() throws {
        let fixture = try StoreFixture()
        try FileManager.default.removeItem(atPath: fixture.folder.path("lock"))
        let error = #expect(throws: StoreError.self) { try Store(folder: fixture.folder.url) }
        #expect("\(error.map { "\($0)" } ?? "")".contains("in use by another server"))
        try fixture.store.close()
        try Store(folder: fixture.folder.url).close()
    }

    @Test func `the database is a write-ahead log with incremental vacuum and large pages`() throws {
        let fixture = try StoreFixture()
        try fixture.store.close()
        let queue = try DatabaseQueue(path: fixture.store.file.path)
        let facts = try queue.read { database in
            try ["journal_mode", "auto_vacuum", "page_size"].map {
                try String.fetchOne(database, sql: "PRAGMA \($0)")
            }
        }
        #expect(facts == ["wal", "2", "8192"])
    }

    @Test func `a database with migrations unknown here is refused and not changed`() throws {
        let folder = try TemporaryFolder()
        defer { folder.keep() }
        let next = Migration(name: "0099_from_the_future", sql: "CREATE TABLE future (id INTEGER PRIMARY KEY) STRICT;")
        try Store(folder: folder.url, migrations: Migrations.all + [next]).close()
        #expect(throws: StoreError.newerSchema(["0099_from_the_future"])) { try Store(folder: folder.url) }
        try Store(folder: folder.url, migrations: Migrations.all + [next]).close()
    }

    @Test func `a migration edited after it was applied is detected`() throws {
        let folder = try TemporaryFolder()
        defer { folder.keep() }
        try Store(folder: folder.url).close()
        let edited = Migrations.all.map { Migration(name: $0.name, sql: $0.sql + "-- one more word\n") }
        #expect(throws: StoreError.editedMigration("0001_initial")) {
            try Store(folder: folder.url, migrations: edited)
        }
        try Store(folder: folder.url).close()
    }

    @Test func `a later migration is applied to a database that is there`() async throws {
        let folder = try TemporaryFolder()
        defer { folder.keep() }
        do {
            let store = try Store(folder: folder.url)
            _ = try await store.putProject(name: "kept", description: nil, classes: [])
            try store.close()
        }
        let next = Migration(name: "0002_next", sql: "CREATE TABLE next (id INTEGER PRIMARY KEY) STRICT;")
        let store = try Store(folder: folder.url, migrations: Migrations.all + [next])
        #expect(try await store.projects().map(\.name) == ["kept"])
    }

    @Test func `a migration that fails leaves the database as it was`() throws {
        let folder = try TemporaryFolder()
        defer { folder.keep() }
        try Store(folder: folder.url).close()
        let broken = Migration(name: "0002_broken", sql: "CREATE TABLE next (id INTEGER) STRICT; CREATE TABLE next;")
        #expect(throws: StoreError.self) { try Store(folder: folder.url, migrations: Migrations.all + [broken]) }
        try Store(folder: folder.url).close()
    }

    @Test func `a file that is no database is called damaged`() throws {
        let folder = try TemporaryFolder()
        defer { folder.keep() }
        try Data("not a database, but long enough to be taken for one".utf8)
            .write(to: folder.url.appending(path: "slicewise.sqlite"))
        let error = #expect(throws: StoreError.self) { try Store(folder: folder.url) }
        guard case .corrupt = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `a full database says so, stores nothing of the call and works on once there is room`() async throws {
        let fixture = try StoreFixture(StoreOptions(maximumBytes: 4 << 20))
        let project = try await fixture.project()
        var random = Volumes.Random(seed: 1)
        let noise = Data((0..<(6 << 20) / 8).flatMap { _ in withUnsafeBytes(of: random.next()) { Array($0) } })
        let model = NewModel(name: "big", classes: ["a"], recipe: "{}", configuration: "{}")
        let error = await failure { _ = try await fixture.store.addModel(project: project.id, model, weights: noise) }
        #expect(error?.isFull == true)
        #expect(try await fixture.store.models(project: project.id).isEmpty)
        _ = try await fixture.model(in: project)
        #expect(try await fixture.store.integrityCheck().isEmpty)
    }

    @Test func `a grid too large for the disk is refused and its space comes back`() async throws {
        let fixture = try StoreFixture(StoreOptions(maximumBytes: 4 << 20))
        let project = try await fixture.project()
        let extent = Extent(z: 64, y: 512, x: 512)
        var random = Volumes.Random(seed: 1)
        let noise = (0..<extent.voxels / 8).map { _ in random.next() }
        let error = await failure {
            let writer = try fixture.store.makeGrid(header: VolumeHeader(extent: extent, element: .uint8))
            try noise.withUnsafeBytes { try writer.write(box: Box(extent: extent), channel: 0, $0) }
        }
        #expect(error?.isFull == true)
        _ = try await fixture.volume(in: project)
    }

    @Test func `a backup made while it works is a whole database`() async throws {
        let fixture = try StoreFixture()
        let project = try await fixture.project()
        let volume = try await fixture.volume(in: project)
        let target = try TemporaryFolder()
        defer { target.keep() }
        let file = target.url.appending(path: "slicewise.sqlite")
        try await fixture.store.backup(to: file)
        _ = try await fixture.project("later")
        #expect(try FileManager.default.contentsOfDirectory(atPath: target.url.path) == ["slicewise.sqlite"])
        #expect(await failure { try await fixture.store.backup(to: file) }?.isConflict == true)

        let copy = try Store(folder: target.url)
        #expect(try await copy.projects().map(\.name) == ["kidney"])
        #expect(try bytes(try copy.source(grid: volume.image)) == [UInt8](repeating: 7, count: 120))
        #expect(try await copy.integrityCheck().isEmpty)
    }
}
