import Foundation
import Store
import TestSupport
import Testing
import Volumes

@Suite struct LevelTests {
    private let fixture: StoreFixture
    private let store: Store
    private static let extent = Extent(z: 5, y: 70, x: 130)

    init() throws {
        fixture = try StoreFixture(StoreOptions(brickEdge: 16))
        store = fixture.store
    }

    /// A volume of two levels beside itself: 5×35×65 and 5×35×33.
    private func volume(_ name: String = "v", in project: ProjectRecord, seed: UInt64 = 1) async throws -> VolumeRecord
    {
        var random = SeededGenerator(seed: seed)
        let values = (0..<Self.extent.voxels).map { _ in UInt8.random(in: 0...255, using: &random) }
        return try await store.putVolume(
            project: project.id, name: name, grid: try fixture.grid(Self.extent, values: values),
            statistics: [StoreFixture.statistics], sha256: StoreFixture.hash(seed == 1 ? "a" : "b"), bytes: 1,
            replace: true
        ).volume
    }

    private func make(_ missing: MissingLevel) throws {
        let writer = try LevelWriter(missing, in: store)
        while try writer.step() {}
        try writer.finish()
    }

    private func makeAll() async throws {
        while let missing = try await store.missingLevel() { try make(missing) }
    }

    private func levels(_ grid: VoxelGridID) async throws -> [VoxelGridID] {
        try await store.levels(of: [grid])[grid] ?? []
    }

    @Test func `each level is the one before, halved`() async throws {
        let volume = try await volume(in: try await fixture.project())
        try await makeAll()
        let grids = try await levels(volume.image)
        let pyramid = Pyramid(of: volume.header)
        #expect(grids.count == 3 && pyramid.levels.count == 3)
        for number in 1..<grids.count {
            let (before, level) = (try store.source(grid: grids[number - 1]), try store.source(grid: grids[number]))
            #expect(level.header.extent == pyramid.levels[number].extent)
            #expect(level.header.spacing == pyramid.levels[number].spacing)
            let halved = try Halving.mean.read(
                Box(extent: level.header.extent), channel: 0, from: before, halving: pyramid.halvedAxes(of: number))
            #expect(try bytes(level) == halved)
            let stored = try #require(try await store.bricks(grid: volume.image, level: number))
            #expect(stored.id == grids[number] && stored.grid.edge == 16)
        }
        #expect(try await store.bricks(grid: volume.image, level: 3) == nil)
    }

    @Test func `stored bricks are read as they are packed`() async throws {
        let volume = try await volume(in: try await fixture.project())
        let stored = try #require(try await store.bricks(grid: volume.image))
        let source = try store.source(grid: volume.image)
        let packed = try stored.packed(stored.grid.bricks, channel: 0)
        for (brick, packed) in zip(stored.grid.bricks, packed) {
            let box = stored.grid.box(of: brick)
            let voxels = try BrickCodec.decode(try #require(packed), element: .uint8, voxels: box.extent.voxels)
            #expect(try voxels == source.raw(box))
        }
        let empty = try fixture.grid(Self.extent, fill: 255)
        let bricks = try #require(try await store.bricks(grid: empty))
        #expect(bricks.fill == 255)
        #expect(try bricks.packed(bricks.grid.bricks, channel: 0).allSatisfy { $0 == nil })
    }

    @Test func `images come first, and of labels a level has the first voxels`() async throws {
        let project = try await fixture.project()
        let old = try await volume("old", in: project)
        let truth = try fixture.grid(Self.extent, values: (0..<Self.extent.voxels).map { UInt8($0 % 3) }, fill: 255)
        try await store.setTruth(volume: old.id, grid: truth)
        let prediction = try await fixture.predict(old, try await fixture.model(in: project))
        let new = try await volume("new", in: project)
        var order: [VoxelGridID] = []
        while let missing = try await store.missingLevel() {
            order.append(missing.grid)
            try make(missing)
        }
        #expect(order.count == 10)
        let turns = order.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
        #expect(turns == [new.image, old.image, prediction.labels, truth, prediction.probability])
        let first = try store.source(grid: try await levels(truth)[1])
        let plane = 35 * 65
        let wanted = (0..<5 * plane).map { place -> UInt8 in
            let (z, y, x) = (place / plane, 2 * (place / 65 % 35), 2 * (place % 65))
            return UInt8(((z * 70 + y) * 130 + x) % 3)
        }
        #expect(try bytes(first) == wanted)
    }

    @Test func `levels go with what they are levels of`() async throws {
        let project = try await fixture.project()
        let first = try await volume(in: project)
        let other = try await volume("w", in: project)
        try await makeAll()
        let gone = try await levels(first.image)
        let second = try await volume(in: project, seed: 2)
        #expect(second.image != first.image)
        for grid in gone { #expect(throws: StoreError.self) { try store.source(grid: grid) } }
        #expect(try await levels(second.image) == [second.image])
        #expect(try await store.missingLevel()?.grid == second.image)
        try await makeAll()
        let kept = try await levels(other.image)
        try await store.deleteVolume(project: project.id, name: "v")
        for grid in kept { _ = try bytes(try store.source(grid: grid)) }
        try await store.deleteProject(named: project.name)
        for grid in kept { #expect(throws: StoreError.self) { try store.source(grid: grid) } }
        #expect(try await store.missingLevel() == nil)
        #expect(try await store.integrityCheck().isEmpty)
    }

    @Test func `a level of a volume that is removed meanwhile is not kept`() async throws {
        let project = try await fixture.project()
        _ = try await volume(in: project)
        let missing = try #require(try await store.missingLevel())
        let writer = try LevelWriter(missing, in: store)
        _ = try writer.step()
        try await store.deleteVolume(project: project.id, name: "v")
        #expect(throws: StoreError.self) {
            while try writer.step() {}
            try writer.finish()
        }
        #expect(try await store.missingLevel() == nil)
        #expect(try await levels(missing.grid) == [missing.grid])
    }

    @Test func `levels survive a restart, and one that was begun is begun again`() async throws {
        let project = try await fixture.project()
        let volume = try await volume(in: project)
        try make(try #require(try await store.missingLevel()))
        let writer = try LevelWriter(try #require(try await store.missingLevel()), in: store)
        _ = try writer.step()
        let copy = try TemporaryFolder()
        defer { copy.keep() }
        // As a crash leaves it.
        try await store.backup(to: copy.url.appending(path: "slicewise.sqlite"))
        #expect(try writer.step())
        let again = try Store(folder: copy.url)
        let levels = try await again.levels(of: [volume.image])[volume.image] ?? []
        #expect(levels.count == 2)
        _ = try bytes(try again.source(grid: try #require(levels.last)))
        let missing = try #require(try await again.missingLevel())
        #expect(missing.grid == volume.image && missing.level == 2)
        #expect(try await again.integrityCheck().isEmpty)
        try again.close()
    }
}
