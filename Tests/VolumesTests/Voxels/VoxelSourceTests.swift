import Testing
import Volumes

@Suite struct VoxelSourceTests {
    func line(_ values: [Float]) throws -> InMemoryVolume {
        try InMemoryVolume(
            header: VolumeHeader(extent: Extent(z: 1, y: 1, x: values.count), element: .float32), values: values)
    }

    @Test func `a box over the edge is mirrored, clamped or zero`() throws {
        let volume = try line([1, 2, 3])
        let box = Box(origin: Voxel(z: 0, y: 0, x: -3), extent: Extent(z: 1, y: 1, x: 9))
        #expect(try volume.floats(box, border: .mirror) == [2, 3, 2, 1, 2, 3, 2, 1, 2])
        #expect(try volume.floats(box, border: .clamp) == [1, 1, 1, 1, 2, 3, 3, 3, 3])
        #expect(try volume.floats(box, border: .zero) == [0, 0, 0, 1, 2, 3, 0, 0, 0])
        let away = Box(origin: Voxel(z: 5, y: 5, x: 50), extent: Extent(z: 1, y: 1, x: 2))
        #expect(try volume.floats(away, border: .zero) == [0, 0])
        #expect(try volume.floats(away, border: .mirror) == [3, 2])
    }

    @Test(arguments: ElementType.allCases) func `mirrored boxes hold what their voxels are`(element: ElementType) throws
    {
        let volume = try randomVolume(.sample(element, channels: 2))
        let all = try volume.floats(Box(extent: volume.header.extent), channel: 1)
        let box = Box(origin: Voxel(z: -2, y: -1, x: -3), extent: Extent(z: 9, y: 10, x: 12))
        let read = try volume.floats(box, channel: 1)
        let fold = { (index: Int, count: Int) in
            let phase = abs(index) % (2 * count - 2)
            return phase < count ? phase : 2 * count - 2 - phase
        }
        for (place, value) in read.enumerated() {
            let (z, y, x) = (place / 120 - 2, place / 12 % 10 - 1, place % 12 - 3)
            let expected = all[(fold(z, 5) * 7 + fold(y, 7)) * 6 + fold(x, 6)]
            #expect(value.bitPattern == expected.bitPattern || value.isNaN && expected.isNaN)
        }
    }
}
