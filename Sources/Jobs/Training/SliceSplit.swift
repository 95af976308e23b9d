internal import Store
internal import Training
internal import Volumes

/// A volume's current slices, split into those a model learned from and those held out.
///
/// Slices that the model's ancestors learned from count as learned, unless they were held out of its own training;
/// `Lineage` warns of those.
struct SliceSplit {
    /// Slices learned from, oldest first, without the voxels of held-out planes.
    let training: [AnnotatedSlice]
    /// Slices held out of the training, and those annotated since without the voxels that the model learned from.
    let heldOut: [AnnotatedSlice]

    init(_ slices: [AnnotatedSlice], of volume: VolumeRecord, as lineage: Lineage) {
        let kept = Set(lineage.models[0].heldOut.filter { $0.volume == volume.name }.map(\.position))
        let learned = lineage.positions(in: volume.name).subtracting(kept)
        let held = slices.filter { kept.contains($0.position) }
        let extent = volume.header.extent
        training = slices.filter { learned.contains($0.position) }.map { slice in
            held.reduce(into: slice) { $0.clear(plane: $1.position, extent: extent) }
        }
        let seen = training
        heldOut = slices.compactMap { slice in
            if kept.contains(slice.position) { return slice }
            guard !learned.contains(slice.position) else { return nil }
            return seen.reduce(into: slice) { slice, other in
                slice.clear(plane: other.position, extent: extent) {
                    other.value(at: $0, extent: extent) != AnnotatedSlice.unlabeled
                }
            }
        }
    }
}
