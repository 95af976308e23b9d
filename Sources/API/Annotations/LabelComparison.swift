internal import HTTP
internal import Store
internal import Volumes

/// Compares an uploaded label volume with the annotations of a volume; blocks, so it must run on a thread that may.
struct LabelComparison: Sendable {
    let api: API
    let volume: VolumeRecord
    /// Oldest first.
    let current: [AnnotationRecord]
    let mapping: ClassMapping

    /// What has to be changed.
    struct Outcome: Sendable {
        /// The slices as they must become; those without a label are cleared.
        let slices: SpooledSlices
        let difference: LabelDifference
        let labels: UploadedLabels
    }

    /// Reads the file and makes the revisions that lead to it; refuses a file that may not be what was meant.
    func compare(_ file: UploadedFile, hints: VolumeHints) throws -> Outcome {
        let importer = VolumeImport(store: api.store, scratch: api.scratch, limit: api.settings.volumeLimit)
        let labels = try importer.labels(file, hints: hints, of: volume, mapping)
        try refuseSilent(labels)
        let (slices, difference) = try revisions(to: labels.source)
        // What is stored already is no accident.
        if !difference.isEmpty, let doubt = labels.doubt { throw doubt }
        return Outcome(slices: slices, difference: difference, labels: labels)
    }

    /// The revisions by which the annotations say what a label volume says.
    func revisions(to labels: any VoxelSource) throws -> (slices: SpooledSlices, difference: LabelDifference) {
        var spool = try SliceSpool(in: api.scratch, extent: volume.header.extent)
        let records = Dictionary(uniqueKeysWithValues: current.map { ($0.position, $0) })
        let difference = try LabelRevisions.make(
            from: try api.store.labels(of: volume, at: current), annotated: current.map(\.position), to: labels,
            slice: { position in
                guard let record = records[position] else { throw StoreError.notFound("\(position)") }
                return try api.store.slice(of: record, in: volume.header.extent)
            }, take: { try spool.add($0) })
        return (try spool.finish(), difference)
    }

    /// Throws for a file without a label, which may be a mask of 255, and would change nothing where nothing is annotated.
    private func refuseSilent(_ labels: UploadedLabels) throws(HTTPError) {
        guard mapping.values == nil, Array(labels.counts.keys) == [Int(AnnotatedSlice.unlabeled)] else { return }
        let mask = mapping.known.count > 1 ? "; if 255 is \(mapping.second), send \(mapping.remedy([255]))" : ""
        throw .invalid(
            "every voxel of the label volume is unlabeled; at least one must be a class\(mask); DELETE …/annotations clears "
                + "all annotations, and values=255:unlabeled insists", field: "values")
    }
}
