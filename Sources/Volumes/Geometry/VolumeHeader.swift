/// Everything about a volume except its voxels.
package struct VolumeHeader: Codable, Hashable, Sendable {
    package var channels: Int
    package var extent: Extent
    package var element: ElementType
    package var spacing: Spacing
    /// What the file says of the spacing, if its sender knew better; `nil` if `spacing` is the file's.
    package var spacingInFile: Spacing?
    /// Where the volume lies in the world; `nil` if its file does not say.
    package var orientation: Orientation?
    /// What of its file the volume is; `nil` if files of its format hold nothing else.
    package var part: FilePart?
    /// The order of the axes that its sender gave; `nil` if the file's or the format's was taken.
    package var axes: String?
    /// The names and colours of its channels; `nil` if the file says none.
    package var looks: [ChannelLook]?

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

    /// Whether it is that of the same volume, whatever is remarked on the rest of their files, or on how it is shown.
    package func isSame(as other: VolumeHeader) -> Bool {
        var (one, other) = (self, other)
        (one.looks, other.looks) = (nil, nil)
        one.part?.remarks = []
        other.part?.remarks = []
        return one == other
    }

    /// The same grid and orientation with other voxels, as for a prediction.
    package func with(element: ElementType, channels: Int = 1) -> VolumeHeader {
        VolumeHeader(
            channels: channels, extent: extent, element: element, spacing: spacing, orientation: orientation)
    }
}

extension VolumeHeader {
    /// An image with more than this probably has its axes in another order.
    private static let mostChannels = 1024

    /// The bytes of an array in a file; throws for sizes that are below 1 or too large.
    static func checkedBytes(
        channels: Int, z: Int, y: Int, x: Int, element: ElementType
    ) throws(VolumeError) -> Int {
        for (name, count) in [("channels", channels), ("z", z), ("y", y), ("x", x)] where count < 1 {
            throw .malformed("the file has \(name) = \(count); every size must be at least 1")
        }
        guard channels <= mostChannels else {
            throw .unsupported(
                "the file has \(channels) channels; at most \(mostChannels) are supported; if that is another axis, "
                    + "name the axes in order: with axes= (axes=zcyx) for NPY and TIFF, otherwise in the header")
        }
        var bytes = max(element.size, ElementType.float32.size)
        for count in [channels, z, y, x] {
            let product = bytes.multipliedReportingOverflow(by: count)
            guard !product.overflow, product.partialValue <= 1 << 60 else {
                throw .tooLarge("the file claims \(channels) × \(z) × \(y) × \(x) voxels, which no file can hold")
            }
            bytes = product.partialValue
        }
        return channels * z * y * x * element.size
    }
}

extension VolumeHeader {
    /// Splits the volume into boxes of at most `bytes` bytes each, in the order of its voxels.
    ///
    /// A box is as many whole planes as fit, at most 64 (a layer of bricks); whole rows if a plane is too large, and a
    /// part of a row if a row is too large.
    package func slabs(bytes: Int = 64 << 20) -> [Box] {
        let limit = max(bytes / element.size, 1)
        let x = max(min(extent.x, limit), 1)
        let y = max(min(extent.y, limit / x), 1)
        let size = Extent(z: max(min(extent.z, limit / (x * y), 64), 1), y: y, x: x)
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
