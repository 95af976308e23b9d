import Foundation
internal import GRDB
import Migrations
import Store
import TestSupport
import Testing
import Volumes

/// Databases as programs of earlier schemas left them: `Schemas/` holds one of each, as SQLite's `.dump` writes it.
///
/// Each has the same content as far as its schema has a place for it. When a migration ships, add a dump made with it:
/// the dump before it, brought to it, with rows in what is new.
@Suite struct UpgradeTests {
    static let schemas = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Schemas")

    static let names = ((try? FileManager.default.contentsOfDirectory(atPath: schemas.path)) ?? [])
        .filter { $0.hasSuffix(".sql") }.sorted()

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A data folder with the database of a dump.
    private func restore(_ name: String) throws -> URL {
        let sql = try String(contentsOf: Self.schemas.appending(path: name), encoding: .utf8)
        let queue = try DatabaseQueue(path: folder.url.appending(path: "slicewise.sqlite").path)
        try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
        try queue.close()
        return folder.url
    }

    @Test func `there are dumps, each named after a migration`() {
        #expect(!Self.names.isEmpty)
        #expect(Set(Self.names.map { String($0.dropLast(4)) }).isSubset(of: Migrations.all.map(\.name)))
    }

    @Test(arguments: names)
    func `a database of an earlier schema is brought to this one with all that it holds`(name: String) async throws {
        let folder = try restore(name)
        let store = try Store(folder: folder)
        let project = try await store.project(named: "kidney")
        #expect(project.description == "of version \(name.prefix(4))")
        #expect(project.classes.map(\.name) == ["inside", "outside"])
        let volume = try await store.volume(project: project.id, name: "sample")
        #expect(volume.header.spacing == Spacing(z: 2, y: 0.5, x: 0.5, unit: "micrometer"))
        #expect(try bytes(try store.source(grid: volume.image)) == (0..<192).map { UInt8($0) })
        let truth = try #require(volume.truth)
        #expect(try bytes(try store.source(grid: truth)) == (0..<192).map { UInt8($0 % 2) })

        let (record, values) = try await store.annotation(volume: volume.id, at: SlicePosition(.z, 1))
        #expect(record.author == "bob" && record.revision == 2)
        #expect(values == (0..<48).map { [0, 1, 255][$0 % 3] })
        #expect(try await store.slice(volume: volume.id, revision: 1).values == (0..<48).map { UInt8($0 % 2) })
        #expect(try await store.currentAnnotations(volume: volume.id).map(\.revision) == [2])
        #expect(record.role == .train)
        #expect(project.classes.allSatisfy { !$0.isRemoved } && project.model == nil)

        let jobs = try await store.jobs(project: project.id)
        #expect(jobs.map(\.state) == [.running, .succeeded])
        #expect(jobs.map(\.model) == [nil, "round1"])
        #expect(try await store.checkpoint(job: 2) == Data([1, 2, 3]))
        #expect(try await store.curve(job: 1).map(\.heldOutIoU) == [nil, 0.75])
        #expect(try await store.events(job: 1).map(\.type) == ["state", "log"])
        let model = try await store.model(project: project.id, name: "round1")
        #expect(model.state == .succeeded)
        #expect(try await store.latestModel(project: project.id) == model)
        #expect(model.seed == 7 && model.classes == ["inside", "outside"])
        #expect(try await store.weights(model: model.id) == Data([10, 11, 12, 13]))
        let prediction = try await store.prediction(volume: volume.id)
        #expect(prediction.model == model.id)
        #expect(try bytes(try store.source(grid: prediction.labels)) == [UInt8](repeating: 0, count: 192))

        if name >= "0004" {
            #expect(try await store.project(named: "lung").classes.map(\.isRemoved) == [false, true])
        }
        if name >= "0007" {
            let key = RequestKey(client: 0, key: "once", digest: Data(repeating: 0, count: 32))
            let time = try Date("2026-01-02T03:10:00Z", strategy: .iso8601)
            let answer = StoredAnswer(status: 201, headers: [], body: Data("{}".utf8))
            #expect(try await store.remembered(key, now: time) == .same(answer))
        }

        if name >= "0010" {
            #expect(try await store.events(job: 2).map(\.sequence) == [3, 4])
        }

        if name >= "0011" {
            let levels = try await store.levels(of: [volume.image])[volume.image] ?? []
            #expect(levels.count == 2)
            let means = (0..<24).map { place -> UInt8 in
                let (z, y, x) = (place / 12, place / 4 % 3, place % 4)
                return UInt8(28 + 96 * z + 16 * y + 2 * x)
            }
            #expect(try bytes(try store.source(grid: try #require(levels.last))) == means)
        }

        if name >= "0012" {
            #expect(try await store.shares(project: project.id).map(\.volume) == ["sample"])
            #expect(try await store.sharedVolume(token: "slicewise_of-a-link")?.volume == volume)
        }

        if name >= "0013" {
            let workers = try await store.workers()
            #expect(workers.map(\.description.host) == ["ws1.lab"] && workers[0].job == jobs[0])
            #expect(jobs[0].worker == (name >= "0014" ? "slurm-7" : "ws1") && workers[0].project == "kidney")
        }

        if name >= "0014" {
            #expect(jobs[0].slurm?.contains(#""job":7"#) == true && jobs[1].slurm == nil)
            #expect(try await store.ownID() == "0123456789abcdef")
        }

        if name >= "0015" {
            let units = try await store.units(of: jobs[0].id)
            #expect(units.map(\.number) == [0, 1] && units.map(\.state) == [.succeeded, .queued])
        }

        // It can be worked with.
        #expect(try await store.missingLevel() == nil)
        try await store.thinOldTrails()
        let slice = NewAnnotation(
            at: SlicePosition(.z, 1), rows: 6, columns: 8, values: [UInt8](repeating: 1, count: 48))
        #expect(try await store.postAnnotations(volume: volume.id, [slice])[0].record.revision == 5)
        #expect(try await store.requeueInterrupted().map(\.state) == [.queued])
        #expect(try await store.workers().isEmpty)
        #expect(try await store.integrityCheck().isEmpty)
    }

    @Test(arguments: names)
    func `an upgraded database has the schema of a new one`(name: String) throws {
        let folder = try restore(name)
        try Store(folder: folder).close()
        let fresh = try TemporaryFolder()
        defer { fresh.keep() }
        try Store(folder: fresh.url).close()
        #expect(try schema(of: folder) == schema(of: fresh.url))
    }

    private func schema(of folder: URL) throws -> [String] {
        let queue = try DatabaseQueue(path: folder.appending(path: "slicewise.sqlite").path)
        return try queue.read { database in
            try String.fetchAll(
                database,
                sql: "SELECT sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' AND sql IS NOT NULL ORDER BY name")
        }
    }
}
