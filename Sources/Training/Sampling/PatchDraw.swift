package import Volumes

/// All random decisions about a patch; together with the volumes they determine its voxels.
package struct PatchDraw: Sendable {
    /// The index of the volume in the sampler.
    package var volume: Int
    /// The voxels of the network's output, which may extend beyond the volume; the input is larger by the margin.
    package var box: Box
    /// The part of the box whose labels are learned from.
    package var known: Box
    /// The axis of the slice that the patch was drawn for.
    package var axis: Axis
    /// The annotated voxel that the patch was drawn for.
    package var target: Voxel
    /// Axes along which the patch is mirrored.
    package var mirrored: [Axis]
    /// The volume's axes in the order in which the patch has them.
    package var order: [Axis] = Axis.allCases
    /// Contrast and brightness of each channel of the image.
    package var gains: [Float]
    package var offsets: [Float]
    /// Gray-value curves of each channel of the image, applied before contrast and brightness; empty for none.
    package var curves: [GrayCurve] = []
    /// Above 0 the standard deviation of a blur in voxels of the finest axis, below 0 the amount of sharpening.
    package var blur = 0.0
    /// The standard deviation of added noise, and the noise's seed.
    package var noise: Float = 0
    package var noiseSeed: UInt64 = 0
    /// A deformation of the patch; `nil` for none.
    package var warp: Warp?
}
