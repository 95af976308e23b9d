import Foundation
import Synchronization
import TestSupport
import Testing
import Volumes

@Suite struct ReadingOrderTests {
    /// A volume whose file has its axes in some order; counts the voxels that are read.
    final class Counted: VoxelSource {
        let volume: InMemoryVolume
        let order: [Axis]
        let voxels = Mutex(0)

        init(_ volume: InMemoryVolume, order: [Axis]) {
            self.volume = volume
            self.order = order
        }

        var header: VolumeHeader { volume.header }

        func read(_ box: Box, channel: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
            voxels.withLock { $0 += box.extent.voxels }
            try volume.read(box, channel: channel, into: bytes)
        }
    }

    static let orders: [[Axis]] = [[.z, .x, .y], [.y, .z, .x], [.y, .x, .z], [.x, .z, .y], [.x, .y, .z]]

    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(arguments: orders, [1, 100, 1000, 1 << 20])
    func `a volume in another order is read once, however often it is read then`(order: [Axis], budget: Int) throws {
        let volume = try randomVolume(VolumeHeader.sample(.int16, z: 7, y: 6, x: 5))
        let file = Counted(volume, order: order)
        let copy = try file.inReadingOrder(scratch: folder.url, small: 0, budget: budget)
        #expect(try allBytes(copy) == volume.bytes)
        #expect(try allBytes(copy) == volume.bytes)
        #expect(copy.order == [.z, .y, .x])
        #expect(copy.header == volume.header)
        #expect(file.voxels.withLock { $0 } == volume.header.channels * volume.header.extent.voxels)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    }

    @Test func `a volume in the order of its axes is not copied, nor is a small one or a plane`() throws {
        let volume = try randomVolume(VolumeHeader.sample(.uint8, z: 3, y: 4, x: 5))
        for file in [Counted(volume, order: [.z, .y, .x]), Counted(volume, order: [.x, .y, .z])] {
            #expect(try file.inReadingOrder(scratch: folder.url, small: 1000) as? Counted === file)
        }
        #expect(try Counted(volume, order: [.z, .y, .x]).inReadingOrder(scratch: folder.url, small: 0) is Counted)
        let plane = try randomVolume(VolumeHeader.sample(.uint8, z: 1, y: 4, x: 5))
        #expect(try Counted(plane, order: [.y, .x, .z]).inReadingOrder(scratch: folder.url, small: 0) is Counted)
    }

    @Test func `labels with exchanged axes know the order of their file, and so does a Fortran array`() throws {
        var header = VolumeHeader.sample(.uint8, z: 3, y: 4, x: 5)
        header.orientation = Orientation(affine: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1])
        let file = try randomVolume(header)
        var grid = header
        (grid.extent.z, grid.extent.y, grid.extent.x) = (5, 3, 4)
        grid.orientation = Orientation(affine: [0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1])
        #expect(try file.placed(on: grid)?.source.order == [.y, .x, .z])
        let shape = "{'descr': '|u1', 'fortran_order': True, 'shape': (300, 200, 160), }"
        let head = shape + String(repeating: " ", count: 117 - shape.utf8.count) + "\n"
        let bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(head.utf8)
        let voxels = (0..<300 * 200 * 160).map { UInt8(truncatingIfNeeded: $0 / 7) }
        let source = try openVolume(at: folder.file("a.npy", bytes + voxels), scratch: folder.url)
        #expect(source.order == [.z, .y, .x])
        for (z, y, x) in [(0, 0, 0), (299, 0, 1), (17, 123, 99), (299, 199, 159)] {
            let value = try source.raw(Box(origin: Voxel(z: z, y: y, x: x), extent: Extent(z: 1, y: 1, x: 1)))
            #expect(value == [voxels[(x * 200 + y) * 300 + z]])
        }
    }
}
