/// How voxels lie in a file: as an uncompressed array with any order of axes and bytes, and perhaps scaled.
struct FileLayout: Hashable, Sendable {
    /// Where the first voxel begins.
    var offset: Int
    /// The number type in the file.
    var stored: ElementType
    /// Whether the bytes of a number stand in big-endian order.
    var bigEndian: Bool
    /// From one voxel to the next along each axis, in voxels.
    var strides: Strides
    /// What is stored times `slope` plus `intercept` is the value; `nil` if it is the value itself.
    var scaling: Scaling?

    struct Strides: Hashable, Sendable {
        var channel: Int
        var z: Int
        var y: Int
        var x: Int

        /// Those of an array in the order C, Z, Y, X.
        static func plain(_ extent: Extent) -> Strides {
            Strides(channel: extent.voxels, z: extent.y * extent.x, y: extent.x, x: 1)
        }
    }

    struct Scaling: Hashable, Sendable {
        var slope: Double
        var intercept: Double
    }
}
