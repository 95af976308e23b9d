import Volumes

extension VolumeHeader {
    /// A volume with three different sizes.
    static func sample(
        _ element: ElementType, channels: Int = 1, z: Int = 5, y: Int = 7, x: Int = 6
    ) -> VolumeHeader {
        VolumeHeader(channels: channels, extent: Extent(z: z, y: y, x: x), element: element)
    }
}

/// A volume of bytes drawn at random.
func randomVolume(_ header: VolumeHeader, seed: UInt64 = 1) throws -> InMemoryVolume {
    var random = Random(seed: seed)
    return try InMemoryVolume(
        header: header, bytes: (0..<header.byteCount).map { _ in UInt8.random(in: 0...255, using: &random) })
}

/// Every byte of a source, C×Z×Y×X.
func allBytes(_ source: any VoxelSource) throws -> [UInt8] { try InMemoryVolume(copyOf: source).bytes }
