/// All that is known of a volume but its voxels.
package struct VolumeHeader: Codable, Hashable, Sendable {
    package var channels: Int
    package var extent: Extent
    package var element: ElementType
    package var spacing: Spacing
    /// Where the volume lies in the world, if its file says.
    package var orientation: Orientation?

    package init(
        channels: Int = 1, extent: Extent, element: ElementType, spacing: Spacing = Spacing(),
        orientation: Orientation? = nil
    ) {
        self.channels = channels
        self.extent = extent
        self.element = element
        self.spacing = spacing
        self.orientation = orientation
    }

    /// Bytes of all voxels of all channels.
    package var byteCount: Int { channels * extent.voxels * element.size }

    /// The same grid in the world with another content, as a prediction has.
    package func with(element: ElementType, channels: Int = 1) -> VolumeHeader {
        VolumeHeader(
            channels: channels, extent: extent, element: element, spacing: spacing, orientation: orientation)
    }
}

extension VolumeHeader {
    /// No image has more: with more another axis was taken for the channels.
    private static let mostChannels = 1024

    /// The bytes of an array in a file, every size checked.
    static func checkedBytes(
        channels: Int, z: Int, y: Int, x: Int, element: ElementType
    ) throws(VolumeError) -> Int {
        for (name, count) in [("channels", channels), ("z", z), ("y", y), ("x", x)] where count < 1 {
            throw .malformed("the file says \(name) = \(count); every size must be at least 1")
        }
        guard channels <= mostChannels else {
            throw .unsupported(
                "the file has \(channels) channels; at most \(mostChannels) are taken; if another axis was taken for "
                    + "them, name the axes in order: with axes= (axes=zcyx) for NPY and TIFF, otherwise in the header")
        }
        var bytes = max(element.size, ElementType.float32.size)
        for count in [channels, z, y, x] {
            let product = bytes.multipliedReportingOverflow(by: count)
            guard !product.overflow, product.partialValue <= 1 << 60 else {
                throw .tooLarge("the file says it has \(channels) × \(z) × \(y) × \(x) voxels, which no file can hold")
            }
            bytes = product.partialValue
        }
        return channels * z * y * x * element.size
    }
}

extension VolumeHeader {
    /// The volume in boxes of at most `bytes` bytes, which hold its voxels in their order.
    ///
    /// A box is so many whole planes as fit, but no more than a row of bricks has; of larger planes it is some whole
    /// rows of one, of larger rows a part of one.
    package func slabs(bytes: Int = 64 << 20) -> [Box] {
        let most = max(bytes / element.size, 1)
        let x = max(min(extent.x, most), 1)
        let y = max(min(extent.y, most / x), 1)
        let size = Extent(z: max(min(extent.z, most / (x * y), 64), 1), y: y, x: x)
        let whole = Box(extent: extent)
        return stride(from: 0, to: extent.z, by: size.z).flatMap { z in
            stride(from: 0, to: extent.y, by: size.y).flatMap { y in
                stride(from: 0, to: extent.x, by: size.x).map { x in
                    Box(origin: Voxel(z: z, y: y, x: x), extent: size).intersection(whole)
                }
            }
        }
    }
}
