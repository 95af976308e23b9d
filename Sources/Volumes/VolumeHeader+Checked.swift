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
