/// The layout of an uncompressed array of voxels in a file: order of axes and bytes, and scaling.
struct FileLayout: Hashable, Sendable {
    /// The byte at which the first voxel begins.
    var offset: Int
    /// The number type in the file.
    var stored: ElementType
    /// Whether the bytes of a number stand in big-endian order.
    var bigEndian: Bool
    /// Distances between neighbours along each axis, in voxels.
    var strides: Strides
    /// The value is the stored number times `slope` plus `intercept`; `nil` if it is the stored number itself.
    var scaling: Scaling?

    struct Strides: Hashable, Sendable {
        var channel: Int
        var z: Int
        var y: Int
        var x: Int

        /// The strides of an array in the order C, Z, Y, X.
        static func plain(_ extent: Extent) -> Strides {
            Strides(channel: extent.voxels, z: extent.y * extent.x, y: extent.x, x: 1)
        }

        /// The strides of an array in the order Z, Y, X, C.
        static func samples(_ count: Int, _ extent: Extent) -> Strides {
            Strides(channel: 1, z: count * extent.y * extent.x, y: count * extent.x, x: count)
        }
    }

    struct Scaling: Hashable, Sendable {
        var slope: Double
        var intercept: Double
    }
}
