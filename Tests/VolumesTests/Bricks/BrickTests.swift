import Foundation
import Synchronization
import Testing
import Volumes

@Suite struct BrickTests {
    /// A volume cut into packed bricks.
    func bricks(_ volume: InMemoryVolume, _ grid: BrickGrid) throws -> [[BrickIndex: [UInt8]]] {
        try (0..<volume.header.channels).map { channel in
            try Dictionary(
                uniqueKeysWithValues: grid.bricks.map { index in
                    let raw = try volume.raw(grid.box(of: index), channel: channel)
                    return (index, BrickCodec.encode(raw, element: volume.header.element))
                })
        }
    }

    @Test(arguments: ElementType.allCases) func `bricks of odd sizes give the volume back`(element: ElementType) throws
    {
        for (z, y, x) in [(1, 1, 1), (9, 8, 7), (16, 17, 33)] {
            let volume = try randomVolume(.sample(element, channels: 2, z: z, y: y, x: x))
            let grid = BrickGrid(extent: volume.header.extent, edge: 8)
            let packed = try bricks(volume, grid)
            let source = BrickSource(header: volume.header, grid: grid, cacheBytes: 3000) { packed[$0][$1] }
            #expect(try allBytes(source) == volume.bytes)
            var random = Random(seed: 2)
            for _ in 0..<10 {
                let box = Box.random(in: volume.header.extent, using: &random)
                #expect(try source.raw(box, channel: 1) == volume.raw(box, channel: 1))
            }
        }
    }

    @Test func `the bricks of a grid cover each voxel once`() {
        let grid = BrickGrid(extent: Extent(z: 65, y: 64, x: 130))
        #expect(grid.counts == Extent(z: 2, y: 1, x: 3))
        #expect(grid.bricks.count == 6)
        #expect(grid.bricks.reduce(0) { $0 + grid.box(of: $1).extent.voxels } == grid.extent.voxels)
        let corner = Box(origin: Voxel(z: 63, y: 0, x: 127), extent: Extent(z: 2, y: 1, x: 2))
        #expect(grid.bricks(touching: corner).count == 4)
        #expect(grid.bricks(touching: Box(origin: Voxel(z: 65, y: 0, x: 0), extent: Extent(z: 1, y: 1, x: 1))).isEmpty)
    }

    @Test func `missing bricks hold the fill`() throws {
        let header = VolumeHeader.sample(.uint8)
        let source = BrickSource(header: header, grid: BrickGrid(extent: header.extent), fill: 255) { _, _ in nil }
        #expect(try allBytes(source).allSatisfy { $0 == 255 })
    }

    @Test func `a packed brick has no room but its own`() {
        let packed = BrickCodec.encode([UInt8](repeating: 7, count: 1 << 18), element: .uint8)
        #expect(packed.count < 1000 && packed.capacity < 2000)
    }

    /// Not what a sender's file would be refused with.
    private func isFailedReading(_ error: any Error) -> Bool {
        if case VolumeError.io = error { true } else { false }
    }

    @Test func `a brick that is damaged, short or of another size is an error of reading`() throws {
        let raw = [UInt8](repeating: 7, count: 512)
        let packed = BrickCodec.encode(raw, element: .uint16)
        #expect(try BrickCodec.decode(packed, element: .uint16, voxels: 256) == raw)
        for voxels in [0, 255, 257, 1 << 40] {
            #expect {
                _ = try BrickCodec.decode(packed, element: .uint16, voxels: voxels)
            } throws: {
                isFailedReading($0)
            }
        }
        for count in 0..<packed.count {
            #expect {
                _ = try BrickCodec.decode(Array(packed[..<count]), element: .uint16, voxels: 256)
            } throws: {
                isFailedReading($0)
            }
        }
    }

    @Test func `a brick in use is loaded once, from many threads too`() async throws {
        let volume = try randomVolume(.sample(.uint16, z: 20, y: 20, x: 20))
        let grid = BrickGrid(extent: volume.header.extent, edge: 10)
        let packed = try bricks(volume, grid)
        let loads = Mutex(0)
        let source = BrickSource(header: volume.header, grid: grid) { channel, index in
            loads.withLock { $0 += 1 }
            return packed[channel][index]
        }
        _ = try allBytes(source)
        let same = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask { try allBytes(source) == volume.bytes }
            }
            return try await group.reduce(true) { $0 && $1 }
        }
        #expect(same)
        #expect(loads.withLock { $0 } == 8)
    }
}
