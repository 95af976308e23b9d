import Foundation
import Jobs
import Store
import TestSupport
import Testing
import Volumes

@Suite struct LevelMakerTests {
    private let folder: TemporaryFolder
    private let store: Store

    init() throws {
        folder = try TemporaryFolder()
        store = try Store(folder: folder.url)
    }

    private func put(_ name: String, _ extent: Extent) async throws -> VolumeRecord {
        let project = try await store.putProject(
            name: "p", description: nil, classes: [ClassRecord(name: "a", color: "#e69f00")]
        ).project
        let header = VolumeHeader(extent: extent, element: .uint16)
        let writer = try store.makeGrid(header: header)
        try writer.write(
            box: Box(extent: extent), channel: 0, values: (0..<extent.voxels).map { UInt16(truncatingIfNeeded: $0) })
        let statistics = ChannelStatistics(mean: 1, deviation: 1, minimum: 0, maximum: 2, low: 0, high: 2)
        return try await store.putVolume(
            project: project.id, name: name, grid: try writer.finish(), statistics: [statistics],
            sha256: String(repeating: "a", count: 64), bytes: 1
        ).volume
    }

    private func count(_ volume: VolumeRecord) async throws -> Int {
        try await store.levels(of: [volume.image])[volume.image]?.count ?? 0
    }

    @Test func `all levels are made, of what comes while it runs too, until it is cancelled`() async throws {
        defer { folder.keep() }
        let first = try await put("v", Extent(z: 2, y: 65, x: 200))
        let maker = LevelMaker(store: store, logger: .silent)
        await maker.makeAll()
        #expect(try await count(first) == 3)
        let running = Task { await maker.run() }
        let second = try await put("w", Extent(z: 2, y: 3, x: 200))
        while try await count(second) < 3 { await Task.yield() }
        running.cancel()
        await running.value
        #expect(try await store.missingLevel() == nil)
    }

    @Test func `a maker that is cancelled stops before its work is done`() async throws {
        defer { folder.keep() }
        let volume = try await put("v", Extent(z: 2, y: 65, x: 200))
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            await LevelMaker(store: store, logger: .silent).makeAll()
        }
        await task.value
        #expect(try await count(volume) == 1)
    }
}
