package import Volumes

/// Which annotated slices are held out of training and used to measure the network.
///
/// Whole slices are held out: the voxels of a held-out plane are also removed from the training slices that cross it.
package enum Holdout: Hashable, Sendable {
    /// A fraction of each volume's slices, chosen by the seed: at least one if there are two or more, but never all.
    case fraction(Double, seed: UInt64)
    case slices([VolumeSlice])

    /// Splits the slices of a volume, in their order; the training slices contain no voxel of a held-out plane.
    package func split(
        _ slices: [AnnotatedSlice], volume name: String, extent: Extent
    ) throws(TrainingError) -> (training: [AnnotatedSlice], heldOut: [AnnotatedSlice]) {
        let chosen = try indices(among: slices.map(\.position), volume: name)
        let heldOut = slices.indices.filter { chosen.contains($0) }.map { slices[$0] }
        var training: [AnnotatedSlice] = []
        for index in slices.indices where !chosen.contains(index) {
            var slice = slices[index]
            for other in heldOut { slice.clear(plane: other.position, extent: extent) }
            training.append(slice)
        }
        return (training, heldOut)
    }

    /// The annotated slices of a volume that are held out, in their order.
    package func chosen(among slices: [SlicePosition], volume name: String) throws(TrainingError) -> [SlicePosition] {
        let chosen = try indices(among: slices, volume: name)
        return slices.indices.filter { chosen.contains($0) }.map { slices[$0] }
    }

    private func indices(among slices: [SlicePosition], volume name: String) throws(TrainingError) -> Set<Int> {
        switch self {
        case .fraction(let fraction, let seed):
            guard fraction > 0, slices.count > 1 else { return [] }
            let wanted = Int((fraction * Double(slices.count)).rounded())
            var random = Random(seed: name.utf8.reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 })
            let order = slices.indices.shuffled(using: &random)
            return Set(order.prefix(min(max(wanted, 1), slices.count - 1)))
        case .slices(let named):
            var chosen: Set<Int> = []
            for slice in named where slice.volume == name {
                guard let index = slices.firstIndex(of: slice.position) else {
                    throw .invalid(
                        field: "holdout.slices", detail: "\(slice.position) of \(name) is not annotated")
                }
                chosen.insert(index)
            }
            return chosen
        }
    }
}
