/// By which voxels' mean and deviation the intensities of a channel are centred and scaled.
package enum IntensityScaling: String, CaseIterable, Sendable {
    /// Those of the typical voxels, without padding and outliers.
    case typical
    /// Those of all voxels, in single precision: models from before `typical`, and weights made elsewhere.
    case all
}
