import Training
import Volumes

/// Volumes and slices made for tests.
enum Fixtures {
    /// Changes nothing.
    static let plain = Augmentation(
        rotation: 0, scale: .init(low: 1, high: 1), elastic: nil, gray: nil, mirror: .fixed([]))

    /// A uint8 volume from a function of the voxel.
    static func volume(
        _ extent: Extent, channels: Int = 1, spacing: Spacing = Spacing(), _ value: (Int, Voxel) -> UInt8
    ) throws -> InMemoryVolume {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(channels * extent.voxels)
        for channel in 0..<channels {
            for z in 0..<extent.z {
                for y in 0..<extent.y {
                    for x in 0..<extent.x { bytes.append(value(channel, Voxel(z: z, y: y, x: x))) }
                }
            }
        }
        let header = VolumeHeader(channels: channels, extent: extent, element: .uint8, spacing: spacing)
        return try InMemoryVolume(header: header, bytes: bytes)
    }

    /// A slice cut from a dense label volume.
    static func slice(_ axis: Axis, _ index: Int, of truth: InMemoryVolume) throws -> AnnotatedSlice {
        let box = Box(slice: SlicePosition(axis, index), of: truth.header.extent)
        return AnnotatedSlice(at: SlicePosition(axis, index), values: try truth.raw(box))
    }

    /// k slices on each axis at ⌊(i + ½)·n / k⌋.
    static func slices(_ count: Int, of truth: InMemoryVolume) throws -> [AnnotatedSlice] {
        try Axis.allCases.flatMap { axis in
            try (0..<count).map { number in
                let index = Int((Double(number) + 0.5) * Double(truth.header.extent[axis]) / Double(count))
                return try slice(axis, index, of: truth)
            }
        }
    }
}
