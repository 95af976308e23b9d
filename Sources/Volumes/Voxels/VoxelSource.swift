/// Anything whose voxels can be read box by box: a file, bricks in a database, an array.
package protocol VoxelSource: Sendable {
    var header: VolumeHeader { get }
    /// The axes from the one whose neighbours lie farthest apart to the one whose are nearest, as reading is fast.
    var order: [Axis] { get }
    /// The colours of its values, if these are indices of a palette; `nil` in it where there is none.
    var palette: [Color?]? { get }
    /// The names of its values in a file of segments, in which 0 is none; `nil` in others.
    var segments: [LabelSegment]? { get }
    /// The size of boxes, side by side from the first voxel on, by which all voxels are read without unpacking any part
    /// of a file twice; `nil` where whole planes do as well.
    var piece: Extent? { get }

    /// Copies one channel of a box that lies inside the volume, x fastest, in `header.element` and native byte order.
    ///
    /// `bytes` must hold exactly `box.extent.voxels * header.element.size` bytes. Callable from any thread.
    func read(_ box: Box, channel: Int, into bytes: UnsafeMutableRawBufferPointer) throws
}

extension VoxelSource {
    package var order: [Axis] { Axis.allCases }
    package var palette: [Color?]? { nil }
    package var segments: [LabelSegment]? { nil }
    package var piece: Extent? { nil }
}
