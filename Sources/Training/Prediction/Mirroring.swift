package import Volumes

/// The reflections of a volume whose predictions are averaged ("test-time augmentation"): a network that learned from
/// mirrored patches makes different errors on each of them.
package struct Mirroring: Hashable {
    /// The largest volume, in voxels, that `auto` predicts in all reflections by a network of a width: 160³ with base 8,
    /// 128³ with 16, which takes seconds.
    static func largest(base: Int) -> Int { (32 << 20) / max(base, 8) }

    /// The axes that are reversed in each run; the first is the volume as it is.
    package let reflections: [[Axis]]

    /// `auto` takes the axes that the patches were mirrored along, if the volume is small; `base` is the network's.
    package init(_ recipe: Recipe, base: Int, of volume: Extent) {
        var axes = Axis.allCases
        switch recipe.testTimeMirror {
        case .fixed(let given): axes = given
        case .auto:
            axes = volume.voxels <= Mirroring.largest(base: base) ? recipe.augmentation.mirror.value ?? axes : []
        }
        let useful = Axis.allCases.filter { axis in
            axes.contains(axis) && volume[axis] > 1 && (recipe.dimensions == 3 || axis != .z)
        }
        reflections = useful.reduce([[]]) { found, axis in found + found.map { $0 + [axis] } }
    }
}
