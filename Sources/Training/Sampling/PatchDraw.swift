package import Volumes

/// All that chance decides about a patch; what it looks like follows from the volumes alone.
package struct PatchDraw: Sendable {
    /// Of the volumes that the sampler knows.
    package var volume: Int
    /// The voxels that are labelled; may hang over the edges.
    ///
    /// The image reaches further by the network's margin.
    package var box: Box
    /// The annotated voxel that it was drawn for.
    package var target: Voxel
    /// Axes along which it is reversed.
    package var mirrored: [Axis]
    /// Contrast and brightness of each channel.
    package var gains: [Float]
    package var offsets: [Float]
    /// Where its voxels come from if not from the grid.
    package var warp: Warp?
}
