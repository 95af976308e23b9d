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

    init(_ slices: [AnnotatedSlice], of volume: VolumeRecord, as lineage: Lineage) throws {
        func place(_ slice: AnnotatedSlice) -> SlicePlace {
            SlicePlace(volume: volume.name, axis: slice.axis, index: slice.index)
        }
        let kept = Set(
            try lineage.models[0].heldOutSlices().filter { $0.volume == volume.name }
                .map { SlicePlace(volume: $0.volume, axis: $0.axis, index: $0.index) })
        let learnt = try lineage.places(in: volume.name).subtracting(kept)
        let held = slices.filter { kept.contains(place($0)) }
        let extent = volume.header.extent
        training = slices.filter { learnt.contains(place($0)) }.map { slice in
            held.reduce(into: slice) { $0.clear(plane: $1.axis, $1.index, extent: extent) }
        }
        let seen = training
        heldOut = slices.compactMap { slice in
            if kept.contains(place(slice)) { return slice }
            guard !learnt.contains(place(slice)) else { return nil }
            return seen.reduce(into: slice) { slice, other in
                slice.clear(plane: other.axis, other.index, extent: extent) {
                    other.value(at: $0, extent: extent) != AnnotatedSlice.unlabeled
                }
            }
        }
    }
}
