package import Volumes

/// The reflections of a volume whose predictions are averaged: a network that learnt from mirrored patches sees each of
/// them as another patch, and errs differently ("test-time augmentation").
package struct Mirroring: Hashable {
    /// Voxels up to which `auto` looks at a volume from all sides: 128³, a matter of seconds.
    static let largest = 2 << 20

    /// The axes that are reversed in each run; the first is the volume as it is.
    package let reflections: [[Axis]]

    /// `auto` takes the axes that the patches were mirrored along, if the volume is small.
    package init(_ recipe: Recipe, of volume: Extent) {
        var axes = Axis.allCases
        switch recipe.testTimeMirror {
        case .fixed(let given): axes = given
        case .auto: axes = volume.voxels <= Mirroring.largest ? recipe.augmentation.mirror.value ?? axes : []
        }
        let useful = Axis.allCases.filter { axis in
            axes.contains(axis) && volume[axis] > 1 && (recipe.dimensions == 3 || axis != .z)
        }
        reflections = useful.reduce([[]]) { found, axis in found + found.map { $0 + [axis] } }
    }
}
