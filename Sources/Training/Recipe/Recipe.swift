package import Network
package import Volumes

/// The architecture and the training of a network: everything that determines a training except data and budget.
///
/// JSON: any of its keys, over the preset named by `"preset"`; or just a preset's name. A key that is
/// unknown or has the wrong type is an error that names it.
package struct Recipe: Hashable, Sendable {
    package enum Precision: String, CaseIterable, Sendable { case auto, f32, bf16 }

    /// The longest edge of a patch, in voxels.
    static let longestPatch = 1024

    package var preset: Preset
    /// Channels of the first convolution; doubled with every level.
    package var base: AutoOrFixed<Int>
    /// Resolution levels of the network, including full resolution.
    package var levels: AutoOrFixed<Int>
    /// 3, or 2 for kernels and pooling within z planes only.
    package var dimensions: Int
    /// Pooling windows below each level but the last.
    package var pooling: LevelSizes
    /// Kernels of each level's convolutions.
    package var kernels: LevelSizes
    package var padding: UNetConfiguration.Padding
    package var norm: UNetConfiguration.Normalization
    /// The batch norm statistics for prediction; `auto` takes those that score better on the held-out
    /// slices, or `running` without any.
    package var statistics: AutoOrFixed<BatchNormStatistics>
    /// The axes of the mirrorings that a prediction averages over; see `Mirroring` for `auto`.
    package var testTimeMirror: AutoOrFixed<[Axis]>
    /// The extent of a patch in voxels; with valid padding, of the network's input.
    package var patch: AutoOrFixed<Extent>
    /// Patches per step.
    package var batch: Int
    package var sampling: SamplingSettings
    /// Filtered versions of the image as additional input channels.
    package var inputs: InputFilters
    package var intensities: IntensityScaling
    /// The spacing that the network sees volumes at.
    package var spacing: GridSpacing
    package var optimizer: OptimizerSettings
    /// Predict with averaged weights instead of the last ones.
    package var average: Averaging?
    package var heldOut: HeldOutSettings
    package var loss: LossSettings
    package var augmentation: Augmentation
    /// `bf16` keeps activations in 16 bits between the passes of a step; everything is computed in 32-bit floats.
    package var precision: Precision
    package var seed: UInt64
    /// The number of training steps; `auto` takes it from the budget.
    ///
    /// A trained model's recipe has what was planned within a budget in seconds, to be exactly repeatable.
    package var steps: AutoOrFixed<StepPlan>
}
