import Volumes

/// Small volumes to test with.
enum Samples {
    static let extent = Extent(z: 4, y: 6, x: 8)

    /// uint16, two channels, every voxel another number; the spacing and affine of a real scan.
    static func image(offset: Int = 0, extent: Extent = extent) throws -> InMemoryVolume {
        let header = VolumeHeader(
            channels: 2, extent: extent, element: .uint16, spacing: Spacing(z: 2, y: 0.5, x: 0.5, unit: "micrometer"))
        let values = (0..<2 * extent.voxels).map { UInt16(truncatingIfNeeded: 1000 + offset + $0) }
        return try InMemoryVolume(header: header, values: values)
    }

    /// uint8 labels on the same grid: the class grows with x.
    static func labels(_ value: (Int, Int, Int) -> UInt8 = { _, _, x in UInt8(min(x / 3, 2)) }) throws -> InMemoryVolume
    {
        let header = VolumeHeader(
            extent: extent, element: .uint8, spacing: Spacing(z: 2, y: 0.5, x: 0.5, unit: "micrometer"))
        var values: [UInt8] = []
        for z in 0..<extent.z { for y in 0..<extent.y { for x in 0..<extent.x { values.append(value(z, y, x)) } } }
        return try InMemoryVolume(header: header, values: values)
    }
}
