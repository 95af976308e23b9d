internal import Store
internal import Training
internal import Volumes

/// A volume's current slices as a model knows them: those it learnt from, and those it has never seen.
///
/// What the models that it comes from have learnt from, it has seen, too; but what was held out of its own training stays
/// apart, and `Lineage` warns of it.
struct SliceSplit {
    /// Oldest first, without the voxels of planes that were held out.
    let training: [AnnotatedSlice]
    /// Held out of the training, or annotated since; of the latter only the voxels it did not learn from.
    let heldOut: [AnnotatedSlice]

    init(_ slices: [AnnotatedSlice], of volume: VolumeRecord, as lineage: Lineage) {
        let kept = Set(lineage.models[0].heldOut.filter { $0.volume == volume.name }.map(\.position))
        let learnt = lineage.positions(in: volume.name).subtracting(kept)
        let held = slices.filter { kept.contains($0.position) }
        let extent = volume.header.extent
        training = slices.filter { learnt.contains($0.position) }.map { slice in
            held.reduce(into: slice) { $0.clear(plane: $1.position, extent: extent) }
        }
        let seen = training
        heldOut = slices.compactMap { slice in
            if kept.contains(slice.position) { return slice }
            guard !learnt.contains(slice.position) else { return nil }
            return seen.reduce(into: slice) { slice, other in
                slice.clear(plane: other.position, extent: extent) {
                    other.value(at: $0, extent: extent) != AnnotatedSlice.unlabeled
                }
            }
        }
    }
}
