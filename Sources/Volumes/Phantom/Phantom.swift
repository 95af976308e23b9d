/// A synthetic confocal stack of kidney tissue (coiling tubules with a lumen, packed in stroma) and its true classes.
///
/// It is meant to be as hard to segment as real tissue: lumen and stroma are about equally bright, tubules differ in
/// brightness, and the image is shaded, blurred along z, dimmer with depth, and noisy. The same parameters give the
/// same voxels.
package struct Phantom: Hashable, Sendable {
    /// Names of the truth's classes.
    package static let classes = ["inside tubule", "tubule", "background"]

    package let extent: Extent
    /// 1 to 3: a membrane marker, a nuclear marker, a counterstain.
    package let channels: Int
    package let seed: UInt64
    /// The largest outer radius of a tubule in voxels of a z plane.
    package let radius: Double
    /// The distance between z planes divided by that between voxels in a plane.
    package let anisotropy: Double

    /// `radius` is derived from the extent if not given.
    package init(
        extent: Extent, channels: Int = 3, seed: UInt64 = 1, radius: Double? = nil, anisotropy: Double = 2
    ) throws(VolumeError) {
        _ = try VolumeHeader.checkedBytes(
            channels: channels, z: extent.z, y: extent.y, x: extent.x, element: .uint16)
        guard channels <= 3 else { throw .unsupported("a phantom has 1 to 3 channels, not \(channels)") }
        self.extent = extent
        self.channels = channels
        self.seed = seed
        self.anisotropy = max(anisotropy, 0.1)
        self.radius = max(radius ?? min(Double(min(extent.y, extent.x)) / 14, 17), 4)
    }

    /// Makes the volumes: a `uint16` image, and `uint8` class indices for all voxels.
    package func make() throws -> (image: InMemoryVolume, truth: InMemoryVolume) {
        var random = Random(seed: seed)
        var growth = TubuleGrowth(
            size: Point(z: Double(extent.z) * anisotropy, y: Double(extent.y), x: Double(extent.x)), radius: radius)
        let tubules = growth.grow(using: &random)
        let tissue = Tissue(tubules, extent: extent, anisotropy: anisotropy, radius: radius, using: &random)
        let header = VolumeHeader(
            channels: channels, extent: extent, element: .uint16,
            spacing: Spacing(z: 0.5 * anisotropy, y: 0.5, x: 0.5, unit: "micrometer"))
        var camera = Microscope(tissue, tubules: tubules, radius: radius, using: &random)
        let pictures = (0..<channels).flatMap { camera.picture(of: $0) }
        return (
            try InMemoryVolume(header: header, values: pictures),
            try InMemoryVolume(header: header.with(element: .uint8), values: tissue.classes)
        )
    }
}
