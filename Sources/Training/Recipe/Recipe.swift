package import Network
package import Volumes

/// How a network is shaped and taught; everything that decides a training but the data and the budget.
///
/// JSON: any of the keys of `encode(to:)`, over the preset named by `"preset"`; or just a preset's name. A key that is
/// unknown or ill-typed is an error that names it.
package struct Recipe: Hashable, Sendable {
    package enum Precision: String, CaseIterable, Sendable { case auto, f32, bf16 }

    /// The longest edge of a patch, in voxels.
    static let longestPatch = 1024

    package var preset: Preset
    /// Channels of the first convolution; doubled with every level.
    package var base: AutoOrFixed<Int>
    /// Resolutions of the network, the full one included.
    package var levels: AutoOrFixed<Int>
    /// 3, or 2 for kernels and pooling within z planes only.
    package var dimensions: Int
    /// Windows of pooling below each level but the last.
    package var pooling: LevelSizes
    /// Kernels of each level's convolutions.
    package var kernels: LevelSizes
    package var padding: UNetConfiguration.Padding
    package var norm: UNetConfiguration.Normalization
    /// What batch norm uses at prediction; `auto` is what the held-out slices favour, or `running` without any.
    package var statistics: AutoOrFixed<BatchNormStatistics>
    /// The axes of the reflections that a prediction is the mean of; see `Mirroring` for `auto`.
    package var testTimeMirror: AutoOrFixed<[Axis]>
    /// Voxels that a patch gives to the network at once; with valid padding the network's input.
    package var patch: AutoOrFixed<Extent>
    /// Patches in a step.
    package var batch: Int
    package var sampling: SamplingSettings
    /// Features of the image that the network sees beside it.
    package var inputs: InputFilters
    package var optimizer: OptimizerSettings
    /// Predict with the weights' average in place of the last ones.
    package var average: Averaging?
    package var heldOut: HeldOutSettings
    package var loss: LossSettings
    package var augmentation: Augmentation
    /// The arithmetic asked for; what the engine cannot do yet is done in f32.
    package var precision: Precision
    package var seed: UInt64
    /// Steps of the training; `auto` takes them from the budget.
    ///
    /// A trained model's recipe has the number that a budget in seconds came to, so that it can be repeated exactly.
    package var steps: AutoOrFixed<Int>
}
