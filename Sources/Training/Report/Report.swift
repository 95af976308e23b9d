package import Volumes

/// Scores of a model's prediction of a volume, separately on the slices it learned from, on held-out slices and on a
/// dense truth.
package struct Report: Codable, Hashable, Sendable {
    package var model: String
    /// On the slices that the model learned from; where slices cross, the newest one's label counts.
    package var training: Scores?
    package var heldout: Scores?
    /// On the voxels of a dense truth that are not annotated.
    package var truth: Scores?
    /// Problems of the labels that readers of the scores should know.
    package var warnings: [String]

    package init(model: String, training: Scores?, heldout: Scores?, truth: Scores?, warnings: [String] = []) {
        self.model = model
        self.training = training
        self.heldout = heldout
        self.truth = truth
        self.warnings = warnings
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(model, forKey: .model)
        try container.encode(training, forKey: .training)
        try container.encode(heldout, forKey: .heldout)
        try container.encode(truth, forKey: .truth)
        try container.encode(warnings, forKey: .warnings)
    }

    private enum CodingKeys: String, CodingKey { case model, training, heldout, truth, warnings }

    /// Compares a prediction with annotations and truth, reading plane by plane.
    ///
    /// `prediction` and `truth` hold class indices on the grid of the slices, which are ordered oldest first. Voxels
    /// where `image` is no number count as unlabeled. A part without voxels to compare is `nil`.
    package static func measure(
        model: String, prediction: any VoxelSource, training: [AnnotatedSlice], heldOut: [AnnotatedSlice] = [],
        truth: (any VoxelSource)? = nil, of image: (any VoxelSource)? = nil, classes: [String]
    ) throws -> Report {
        let extent = prediction.header.extent
        if let image {
            return try measure(
                model: model, prediction: prediction, training: training.unlabeled(whereNotFinite: image),
                heldOut: heldOut.unlabeled(whereNotFinite: image), truth: truth.map { FiniteLabels($0, where: image) },
                classes: classes)
        }
        for slices in [training, heldOut] {
            try slices.validate(extent: extent, classes: classes.count, volume: "the volume")
        }
        let distances = SliceDistances(training, extent: extent)
        let learned = try score(prediction, slices: training, distances: nil, classes: classes)
        let kept = try score(prediction, slices: heldOut, distances: distances, classes: classes)
        var dense: Scores?
        if let truth {
            guard truth.header.extent == extent else {
                throw TrainingError.mismatch("The truth does not have the prediction's extent.")
            }
            dense = try score(
                prediction, truth: truth, annotated: SparseLabels(of: prediction.header, slices: training + heldOut),
                distances: distances, classes: classes)
        }
        return Report(model: model, training: learned, heldout: kept, truth: dense)
    }

    private static func score(
        _ prediction: any VoxelSource, slices: [AnnotatedSlice], distances: SliceDistances?, classes: [String]
    ) throws -> Scores? {
        let extent = prediction.header.extent
        var tally = Tally(classes: classes.count)
        for slice in slices.settled(extent: extent) {
            var matrix = ConfusionMatrix(classes: classes.count)
            let values = try prediction.classes(in: Box(slice: slice.position, of: extent))
            for (position, truth) in slice.values.enumerated() where truth != AnnotatedSlice.unlabeled {
                matrix.count(truth: truth, prediction: values[position])
                if let distances, !distances.isEmpty {
                    let voxel = slice.voxel(at: position, extent: extent)
                    let ring = Tally.ring(distances.nearest(voxel.z, voxel.y, voxel.x).distance)
                    tally.byDistance[ring].count(truth: truth, prediction: values[position])
                }
            }
            tally.all.add(matrix)
            tally.byAxis[slice.axis]?.add(matrix)
        }
        return tally.all.voxels > 0 ? Scores(tally, names: classes) : nil
    }

    private static func score(
        _ prediction: any VoxelSource, truth: any VoxelSource, annotated: SparseLabels, distances: SliceDistances,
        classes: [String]
    ) throws -> Scores? {
        let extent = prediction.header.extent
        var tally = Tally(classes: classes.count)
        var axes = Axis.allCases.map { _ in ConfusionMatrix(classes: classes.count) }
        var rings = tally.byDistance
        for slab in slabs(of: extent) {
            let predicted = try prediction.classes(in: slab)
            let real = try truth.classes(in: slab)
            let known = try annotated.classes(in: slab)
            var position = 0
            for z in slab.range(.z) {
                for y in slab.range(.y) {
                    for x in slab.range(.x) {
                        defer { position += 1 }
                        guard known[position] == AnnotatedSlice.unlabeled else { continue }
                        tally.all.count(truth: real[position], prediction: predicted[position])
                        guard !distances.isEmpty else { continue }
                        let (distance, axis) = distances.nearest(z, y, x)
                        let column = axis == .z ? 0 : axis == .y ? 1 : 2
                        axes[column].count(truth: real[position], prediction: predicted[position])
                        rings[Tally.ring(distance)].count(truth: real[position], prediction: predicted[position])
                    }
                }
            }
        }
        for (position, axis) in Axis.allCases.enumerated() { tally.byAxis[axis] = axes[position] }
        tally.byDistance = rings
        return tally.all.voxels > 0 ? Scores(tally, names: classes) : nil
    }

    /// Boxes of at most about four million voxels, in the order of storage.
    private static func slabs(of extent: Extent) -> [Box] {
        let rows = max(1, min(extent.y, (1 << 22) / max(extent.x, 1)))
        let planes = rows < extent.y ? 1 : max(1, (1 << 22) / max(extent.y * extent.x, 1))
        var slabs: [Box] = []
        for z in stride(from: 0, to: extent.z, by: planes) {
            for y in stride(from: 0, to: extent.y, by: rows) {
                slabs.append(
                    Box(
                        origin: Voxel(z: z, y: y, x: 0),
                        extent: Extent(z: min(planes, extent.z - z), y: min(rows, extent.y - y), x: extent.x)))
            }
        }
        return slabs
    }
}
