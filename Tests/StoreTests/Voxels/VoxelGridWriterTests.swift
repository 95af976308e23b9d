import Foundation
import Store
import Synchronization
import TestSupport
import Testing
import Volumes

@Suite struct VoxelGridWriterTests {
    private let fixture: StoreFixture

    init() throws { fixture = try StoreFixture(StoreOptions(brickEdge: 8)) }

    private func noise(_ count: Int, seed: UInt64 = 1) -> [UInt16] {
        var random = Volumes.Random(seed: seed)
        return (0..<count).map { _ in UInt16(truncatingIfNeeded: random.next()) }
    }

    private func part(_ box: Box, of values: [UInt16], _ extent: Extent) -> [UInt16] {
        box.range(.z).flatMap { z in
            box.range(.y).flatMap { y in
                box.range(.x).map { x in values[(z * extent.y + y) * extent.x + x] }
            }
        }
    }

    private func tiles(_ extent: Extent, _ size: Extent) -> [Box] {
        let all = Box(extent: extent)
        return stride(from: 0, to: extent.z, by: size.z).flatMap { z in
            stride(from: 0, to: extent.y, by: size.y).flatMap { y in
                stride(from: 0, to: extent.x, by: size.x).map { x in
                    Box(origin: Voxel(z: z, y: y, x: x), extent: size).intersection(all)
                }
            }
        }
    }

    private func values(_ source: any VoxelSource, channel: Int = 0) throws -> [UInt16] {
        try bytes(source, channel: channel).withUnsafeBytes { Array($0.bindMemory(to: UInt16.self)) }
    }

    @Test(arguments: [Extent(z: 8, y: 8, x: 8), Extent(z: 5, y: 7, x: 9), Extent(z: 1, y: 30, x: 3)])
    func `tiles of any shape give the voxels back`(size: Extent) throws {
        let extent = Extent(z: 19, y: 23, x: 21)
        let header = VolumeHeader(channels: 2, extent: extent, element: .uint16)
        let writer = try fixture.store.makeGrid(header: header)
        let channels = [noise(extent.voxels), noise(extent.voxels, seed: 2)]
        var generator = SeededGenerator(seed: 1)
        for box in tiles(extent, size).shuffled(using: &generator) {
            for channel in 0..<2 {
                try writer.write(box: box, channel: channel, values: part(box, of: channels[channel], extent))
            }
        }
        let source = try fixture.store.source(grid: try writer.finish())
        #expect(source.header == header)
        for channel in 0..<2 { #expect(try values(source, channel: channel) == channels[channel]) }
    }

    @Test func `bricks written in part stay right when memory for them runs out`() throws {
        // Each slab opens 12 bricks of 4 KiB, of which 4 can wait.
        let fixture = try StoreFixture(StoreOptions(brickEdge: 8, draftBytes: 16 << 10))
        let extent = Extent(z: 16, y: 30, x: 20)
        let writer = try fixture.store.makeGrid(header: VolumeHeader(extent: extent, element: .float64))
        for z in stride(from: 0, to: extent.z, by: 3) {
            let box = Box(origin: Voxel(z: z, y: 0, x: 0), extent: Extent(z: min(3, 16 - z), y: 30, x: 20))
            let values = [Double](repeating: Double(z / 3), count: box.extent.voxels)
            try writer.write(box: box, channel: 0, values: values)
        }
        let source = try fixture.store.source(grid: try writer.finish())
        for z in 0..<extent.z {
            let plane = try bytes(source, Box(slice: SlicePosition(.z, z), of: extent))
            let numbers = plane.withUnsafeBytes { Set($0.bindMemory(to: Double.self)) }
            #expect(numbers == [Double(z / 3)])
        }
    }

    @Test func `overlapping boxes leave the last one's voxels`() throws {
        let extent = Extent(z: 10, y: 10, x: 10)
        let writer = try fixture.store.makeGrid(header: VolumeHeader(extent: extent, element: .uint8))
        for value in 0..<6 {
            let box = Box(origin: Voxel(z: value, y: 0, x: 0), extent: Extent(z: 10 - value, y: 10, x: 10))
            try writer.write(box: box, channel: 0, values: [UInt8](repeating: UInt8(value), count: box.extent.voxels))
        }
        let grid = try writer.finish()
        let column = try bytes(
            try fixture.store.source(grid: grid), Box(extent: Extent(z: 10, y: 1, x: 1)))
        #expect(column == [0, 1, 2, 3, 4, 5, 5, 5, 5, 5])
        #expect(try fixture.store.counts(grid: grid) == [0: 100, 1: 100, 2: 100, 3: 100, 4: 100, 5: 500])
    }

    @Test func `whole bricks and whole sources are stored`() throws {
        let extent = Extent(z: 9, y: 17, x: 12)
        let header = VolumeHeader(extent: extent, element: .uint16, spacing: Spacing(z: 2, y: 0.1, x: 0.3, unit: "mm"))
        let voxels = noise(extent.voxels)
        let first = try fixture.store.makeGrid(header: header)
        for brick in first.grid.bricks {
            try part(first.grid.box(of: brick), of: voxels, extent).withUnsafeBytes {
                try first.write(channel: 0, brick, $0)
            }
        }
        let source = try fixture.store.source(grid: try first.finish())
        #expect(try values(source) == voxels)
        let second = try fixture.store.makeGrid(header: header)
        try second.write(source)
        #expect(try values(try fixture.store.source(grid: try second.finish())) == voxels)
        let other = try fixture.store.makeGrid(header: header.with(element: .uint8))
        #expect(throws: StoreError.self) { try other.write(source) }
    }

    @Test(arguments: [(1, 1), (3000, 2), (1 << 20, 13)])
    func `a row of bricks is read in parts where it is long`(most: Int, bricks: Int) throws {
        let header = VolumeHeader(extent: Extent(z: 9, y: 17, x: 100), element: .uint16)
        let voxels = noise(header.extent.voxels)
        let source = Watched(volume: try InMemoryVolume(header: header, values: voxels))
        let writer = try fixture.store.makeGrid(header: header)
        try writer.write(source, most: most)
        #expect(try values(try fixture.store.source(grid: try writer.finish())) == voxels)
        #expect(source.longest == min(bricks * 8, 100))
    }

    @Test func `voxels never written read as the fill`() throws {
        let extent = Extent(z: 4, y: 4, x: 20)
        let writer = try fixture.store.makeGrid(header: VolumeHeader(extent: extent, element: .uint8), fill: 255)
        try writer.write(box: Box(extent: Extent(z: 1, y: 1, x: 2)), channel: 0, values: [1, 2] as [UInt8])
        let grid = try writer.finish()
        let row = try bytes(try fixture.store.source(grid: grid), Box(extent: Extent(z: 1, y: 1, x: 20)))
        #expect(row == [1, 2] + [UInt8](repeating: 255, count: 18))
        #expect(try fixture.store.counts(grid: grid) == [1: 1, 2: 1, 255: 318])
    }

    @Test func `a header with numbers JSON has no words for comes back bit by bit`() throws {
        let affine = [-0.0, 0.1 + 0.2, .nan, -.infinity, .leastNonzeroMagnitude, 1.7976931348623157e308, 1 / 3.0]
        let header = VolumeHeader(
            extent: Extent(z: 1, y: 1, x: 1), element: .float32,
            orientation: Orientation(affine: affine, nifti: ["scl_slope": [Double(Float(0.1))]]))
        let source = try fixture.store.source(grid: try fixture.store.makeGrid(header: header).finish())
        #expect(source.header.orientation?.affine.map(\.bitPattern) == affine.map(\.bitPattern))
        #expect(source.header.orientation?.nifti == ["scl_slope": [Double(Float(0.1))]])
    }

    @Test func `what doesn't fit is refused`() throws {
        let writer = try fixture.store.makeGrid(
            header: VolumeHeader(extent: Extent(z: 2, y: 2, x: 2), element: .uint8))
        let one = Extent(z: 1, y: 1, x: 1)
        #expect(throws: StoreError.self) { try writer.write(box: Box(extent: one), channel: 1, values: [1] as [UInt8]) }
        #expect(throws: StoreError.self) {
            try writer.write(box: Box(extent: one), channel: 0, values: [1, 2] as [UInt8])
        }
        #expect(throws: StoreError.self) {
            try writer.write(box: Box(origin: Voxel(z: 2, y: 0, x: 0), extent: one), channel: 0, values: [1] as [UInt8])
        }
        _ = try writer.finish()
        #expect(throws: StoreError.self) { try writer.write(box: Box(extent: one), channel: 0, values: [1] as [UInt8]) }
        #expect(throws: StoreError.self) { try writer.finish() }
        let empty = VolumeHeader(extent: Extent(z: 0, y: 2, x: 2), element: .uint8)
        #expect(throws: StoreError.self) { try fixture.store.makeGrid(header: empty) }
    }

    @Test func `an unfinished grid is not to be seen`() throws {
        let header = VolumeHeader(extent: Extent(z: 2, y: 2, x: 2), element: .uint8)
        let writer = try fixture.store.makeGrid(header: header)
        let next = try fixture.store.makeGrid(header: header).finish()
        #expect(throws: StoreError.self) { try fixture.store.source(grid: VoxelGridID(next.rawValue - 1)) }
        _ = try fixture.store.source(grid: try writer.finish())
    }

    @Test func `grids that nobody took are removed at the next start`() async throws {
        let folder = try TemporaryFolder()
        defer { folder.keep() }
        let header = VolumeHeader(extent: Extent(z: 64, y: 256, x: 256), element: .uint16)
        let voxels = noise(header.extent.voxels)
        let grid: VoxelGridID
        let full: Int
        do {
            let store = try Store(folder: folder.url)
            let unfinished = try store.makeGrid(header: header)
            try unfinished.write(box: Box(extent: header.extent), channel: 0, values: voxels)
            let finished = try store.makeGrid(header: header)
            try finished.write(box: Box(extent: header.extent), channel: 0, values: voxels)
            grid = try finished.finish()
            try store.close()
            full = store.databaseSize
            withExtendedLifetime(unfinished) {}
        }
        #expect(full > 12 << 20)
        let store = try Store(folder: folder.url)
        #expect(throws: StoreError.self) { try store.source(grid: grid) }
        try await store.checkpoint()
        #expect(store.databaseSize < 4 << 20)
    }

    @Test func `a source whose grid goes away throws instead of inventing voxels`() async throws {
        let extent = Extent(z: 8, y: 8, x: 8)
        let project = try await fixture.project()
        let volume = try await fixture.volume(in: project, extent)
        let source = try fixture.store.source(grid: volume.image, cacheBytes: 0)
        #expect(try bytes(source) == [UInt8](repeating: 7, count: 512))
        try await fixture.store.deleteVolume(project: project.id, name: "v")
        #expect(await failure { _ = try bytes(source) }?.isNotFound == true)
    }
}

/// A volume that notes how long the boxes are that others read of it.
private final class Watched: VoxelSource {
    let header: VolumeHeader
    private let volume: InMemoryVolume
    private let most = Mutex(0)

    /// Along x.
    var longest: Int { most.withLock { $0 } }

    init(volume: InMemoryVolume) {
        self.volume = volume
        header = volume.header
    }

    func read(_ box: Box, channel: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
        most.withLock { $0 = max($0, box.extent.x) }
        try volume.read(box, channel: channel, into: bytes)
    }
}
