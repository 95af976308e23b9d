package import Volumes

/// All that chance decides about a patch; what it looks like follows from the volumes alone.
package struct PatchDraw: Sendable {
    /// Of the volumes that the sampler knows.
    package var volume: Int
    /// The voxels of the network's output; may hang over the edges.
    ///
    /// The image reaches further by the network's margin.
    package var box: Box
    /// The part of it whose labels are learned from.
    package var known: Box
    /// The axis of the slice that it was drawn for.
    package var axis: Axis
    /// The annotated voxel that it was drawn for.
    package var target: Voxel
    /// Axes along which it is reversed.
    package var mirrored: [Axis]
    /// Contrast and brightness of each of the image's channels.
    package var gains: [Float]
    package var offsets: [Float]
    /// What happens to each of the image's channels' intensities before that; empty without gray-value curves.
    package var curves: [GrayCurve] = []
    /// Above 0 the deviation of a blur in voxels of the finest axis, below 0 how much it is sharpened.
    package var blur = 0.0
    /// Deviation of noise, and where its chance starts from.
    package var noise: Float = 0
    package var noiseSeed: UInt64 = 0
    /// Where its voxels come from if not from the grid.
    package var warp: Warp?
}
