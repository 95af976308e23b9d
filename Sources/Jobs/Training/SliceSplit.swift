internal import Store
internal import Training
internal import Volumes

/// A volume's current slices, split into those a model learned from and those held out.
///
/// Slices that the model's ancestors learned from count as learned, unless they were held out of its own training;
/// `Lineage` warns of those. If the volume has test slices, held-out ones are those that none of these models learned from.
struct SliceSplit {
    /// Slices learned from, oldest first, without the voxels of held-out planes.
    let training: [AnnotatedSlice]
    /// Slices held out of the training, and those annotated since without the voxels that the model learned from.
    let heldOut: [AnnotatedSlice]
    /// How many test slices there are, and how many of them a model learned from before they were such.
    let testSlices: (all: Int, learned: Int)

    init(
        _ annotated: [(record: AnnotationRecord, slice: AnnotatedSlice)], of volume: VolumeRecord, as lineage: Lineage
    ) {
        let slices = annotated.map(\.slice)
        let test = Set(annotated.filter { $0.record.role == .test }.map(\.record.position))
        let kept = Set(lineage.models[0].heldOut.filter { $0.volume == volume.name }.map(\.position))
        let all = lineage.positions(in: volume.name)
        let learned = all.subtracting(kept).union(all.intersection(test))
        testSlices = (test.count, all.intersection(test).count)
        let held = slices.filter { kept.contains($0.position) && !learned.contains($0.position) }
        let extent = volume.header.extent
        training = slices.filter { learned.contains($0.position) }.map { slice in
            held.reduce(into: slice) { $0.clear(plane: $1.position, extent: extent) }
        }
        let seen = training
        heldOut = slices.compactMap { slice in
            guard !learned.contains(slice.position), test.isEmpty || test.contains(slice.position) else { return nil }
            if kept.contains(slice.position) { return slice }
            return seen.reduce(into: slice) { slice, other in
                slice.clear(plane: other.position, extent: extent) {
                    other.value(at: $0, extent: extent) != AnnotatedSlice.unlabeled
                }
            }
        }
    }
}
