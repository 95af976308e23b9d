internal import Store
internal import Training
internal import Volumes

/// A volume's current slices as a model knows them: those it learnt from, and those it has never seen.
struct SliceParts {
    /// Oldest first, without the voxels of planes that were held out.
    let training: [AnnotatedSlice]
    /// Held out of the training, or annotated since; of the latter only the voxels it did not learn from.
    let heldOut: [AnnotatedSlice]

    init(_ slices: [AnnotatedSlice], of volume: VolumeRecord, as model: ModelRecord) throws {
        let learnt = Set(try model.trainedSlices()[volume.name]?.map { Place(axis: $0.axis, index: $0.index) } ?? [])
        let kept = Set(
            try model.heldOutSlices().filter { $0.volume == volume.name }.map { Place(axis: $0.axis, index: $0.index) })
        let trained = slices.filter { learnt.contains(Place(axis: $0.axis, index: $0.index)) }
        let held = slices.filter { kept.contains(Place(axis: $0.axis, index: $0.index)) }
        let extent = volume.header.extent
        training = trained.map { slice in
            held.reduce(into: slice) { $0.clear(crossing: $1, extent: extent) { _ in true } }
        }
        let seen = training
        heldOut = slices.compactMap { slice in
            let place = Place(axis: slice.axis, index: slice.index)
            if kept.contains(place) { return slice }
            guard !learnt.contains(place) else { return nil }
            return seen.reduce(into: slice) { slice, other in
                slice.clear(crossing: other, extent: extent) { $0 != AnnotatedSlice.unlabeled }
            }
        }
    }

    private struct Place: Hashable {
        var axis: Axis
        var index: Int
    }
}

extension AnnotatedSlice {
    /// Unlabels the voxels on another slice's plane where that slice's value is such.
    fileprivate mutating func clear(
        crossing other: AnnotatedSlice, extent: Extent, where isSuch: (UInt8) -> Bool
    ) {
        guard other.axis != axis else { return }
        let line = Box(slice: axis, index, of: extent).intersection(Box(slice: other.axis, other.index, of: extent))
        for z in line.range(.z) {
            for y in line.range(.y) {
                for x in line.range(.x) {
                    let voxel = Voxel(z: z, y: y, x: x)
                    guard isSuch(other.values[other.position(of: voxel, extent)]) else { continue }
                    values[position(of: voxel, extent)] = Self.unlabeled
                }
            }
        }
    }

    private func position(of voxel: Voxel, _ extent: Extent) -> Int {
        let columns = extent.slice(on: axis).columns
        return switch axis {
        case .z: voxel.y * columns + voxel.x
        case .y: voxel.z * columns + voxel.x
        case .x: voxel.z * columns + voxel.y
        }
    }
}
