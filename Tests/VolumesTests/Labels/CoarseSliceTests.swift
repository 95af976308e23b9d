import Testing
import Volumes

@Suite struct CoarseSliceTests {
    private static let extent = Extent(z: 5, y: 5, x: 7)

    /// The level's voxels after a slice was painted; each of its labelled voxels has another value.
    private func painted(
        _ position: SlicePosition, _ labels: [Int: UInt8], _ factor: Extent, in box: Box? = nil
    ) throws -> [UInt8] {
        var values = [UInt8](repeating: 255, count: position.voxels(in: Self.extent))
        for (place, value) in labels { values[place] = value }
        func count(_ axis: Axis) -> Int { (Self.extent[axis] + factor[axis] - 1) / factor[axis] }
        let box = box ?? Box(extent: Extent(z: count(.z), y: count(.y), x: count(.x)))
        var bytes = [UInt8](repeating: 255, count: box.extent.voxels)
        try bytes.withUnsafeMutableBytes {
            try AnnotatedSlice(at: position, values: values).paint(box, of: Self.extent, factor: factor, into: $0)
        }
        return bytes
    }

    @Test func `a slice is seen in the voxel that stands for it, whichever of those it is`() throws {
        for index in 2...3 {
            let level = try painted(SlicePosition(.z, index), [0: 1], Extent(z: 2, y: 1, x: 1))
            #expect(level.firstIndex(of: 1) == 35 && level.count { $0 != 255 } == 1)
        }
        #expect(try painted(SlicePosition(.z, 4), [34: 1], Extent(z: 2, y: 2, x: 2)).last == 1)
    }

    @Test func `of several labels the first counts, and unlabeled never`() throws {
        let level = try painted(SlicePosition(.z, 0), [1: 4, 7: 5, 9: 6, 34: 7], Extent(z: 1, y: 2, x: 2))
        #expect(Array(level.prefix(4)) == [4, 6, 255, 255] && level[2 * 4 + 3] == 7)
    }

    @Test(arguments: Axis.allCases)
    func `with nothing halved it is as at the first level, on every axis`(_ axis: Axis) throws {
        let position = SlicePosition(axis, 3)
        let count = position.voxels(in: Self.extent)
        let values = (0..<count).map { UInt8($0 % 5 == 0 ? 255 : $0) }
        let slice = AnnotatedSlice(at: position, values: values)
        let box = Box(origin: Voxel(z: 1, y: 2, x: 3), extent: Extent(z: 4, y: 3, x: 4))
        var (fine, coarse) = ([UInt8](repeating: 255, count: 48), [UInt8](repeating: 255, count: 48))
        try fine.withUnsafeMutableBytes { try slice.paint(box, of: Self.extent, into: $0) }
        try coarse.withUnsafeMutableBytes {
            try slice.paint(box, of: Self.extent, factor: Extent(z: 1, y: 1, x: 1), into: $0)
        }
        #expect(fine == coarse && fine.contains { $0 != 255 })
    }

    @Test func `a box that the slice does not cross stays as it is`() throws {
        let box = Box(origin: Voxel(z: 1, y: 0, x: 0), extent: Extent(z: 1, y: 3, x: 4))
        let level = try painted(SlicePosition(.z, 1), [0: 1], Extent(z: 2, y: 2, x: 2), in: box)
        #expect(level.allSatisfy { $0 == 255 })
    }
}
