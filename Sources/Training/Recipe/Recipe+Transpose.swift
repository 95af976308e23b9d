internal import Network
internal import Volumes

extension Recipe {
    /// How much the spacings of two axes may differ for them to be taken as equal.
    private static let tolerance = 1.1

    /// The axes that are exchanged with one another at random in patches of these volumes, by a recipe whose patch and
    /// mirrored axes are resolved.
    ///
    /// For `auto` those that are mirrored, have the same spacing in every volume and are treated alike by the network, but
    /// not where a patch is less than half as long along one as along another, being cut from a flat volume, nor where it
    /// holds the whole volume, whose directions are worth knowing. Given axes have to be treated alike, too.
    func transposed(
        for volumes: [VolumeHeader], network: NetworkGraph, isWhole: Bool
    ) throws(TrainingError) -> [Axis] {
        let levels = (network.configuration.windows ?? []) + (network.configuration.kernels ?? [])
        func areAlike(_ axes: [Axis]) -> Bool {
            (dimensions == 3 || !axes.contains(.z))
                && levels.allSatisfy { sizes in Set(axes.map { sizes[$0.place] }).count <= 1 }
        }
        if let given = augmentation.transpose.value {
            guard areAlike(given) else {
                throw .invalid(
                    field: "augmentation.transpose",
                    detail: "names axes that the network pools or convolves differently; name those that it treats "
                        + "alike, or make \"pooling\" and \"kernels\" \"uniform\" in a network of 3 dimensions")
            }
            return given
        }
        guard !isWhole, let patch = patch.value, let mirrored = augmentation.mirror.value else { return [] }
        func areEqual(_ axes: [Axis]) -> Bool {
            let edges = axes.map { patch[$0] }
            return 2 * (edges.min() ?? 0) >= edges.max() ?? 0 && volumes.allSatisfy { Recipe.isEven($0.spacing, axes) }
        }
        // Planes of every axis are seen as those on z: what is exchanged in one of them is exchanged in all.
        let isTurned = dimensions == 2 && sampling.planes == .all
        if isTurned, !volumes.allSatisfy({ Recipe.isEven($0.spacing, Axis.allCases) }) { return [] }
        let choices: [[Axis]] = [Axis.allCases, [.y, .x], [.z, .y], [.z, .x]]
        return choices.first { $0.allSatisfy(mirrored.contains) && areAlike($0) && areEqual($0) } ?? []
    }

    /// Whether axes have the same spacing; one that is not known is taken as 1.
    private static func isEven(_ spacing: Spacing, _ axes: [Axis]) -> Bool {
        let sizes = axes.map { spacing[$0] > 0 ? spacing[$0] : 1 }
        return (sizes.max() ?? 1) <= tolerance * (sizes.min() ?? 1)
    }
}
