internal import Volumes

/// The true classes of the voxels of a volume that a trial is scored on; 255 for all others.
struct ScoredVoxels {
    private let labels: any VoxelSource
    /// Planes to score; `nil` for the whole volume.
    private let planes: [Box]?
    /// Indices on each axis of planes that are not scored.
    private let except: [Axis: Set<Int>]

    init(_ test: Trial.Test, of volume: ExperimentVolume) throws(TrainingError) {
        let header = volume.image.header
        except = Dictionary(
            uniqueKeysWithValues: Axis.allCases.map { ($0, test.except.indices(of: volume.name, on: $0)) })
        if let places = test.slices {
            let slices = volume.slices(at: places)
            labels = SparseLabels(of: header, slices: slices)
            planes = slices.map { Box(slice: $0.position, of: header.extent) }
        } else {
            guard let truth = volume.truth, truth.header.extent == header.extent else {
                throw .mismatch("\(volume.name) has no truth of the same extent to score on.")
            }
            labels = truth
            planes = nil
        }
    }

    /// Whether a box has anything to score.
    func meets(_ box: Box) -> Bool { planes?.contains { !$0.intersection(box).isEmpty } ?? true }

    /// The true classes of a box, x fastest.
    func truth(in box: Box) throws -> [UInt8] {
        var values = try labels.classes(in: box)
        let skipped = Axis.allCases.map { axis in box.range(axis).map { except[axis]?.contains($0) == true } }
        var position = 0
        for z in skipped[0] {
            for y in skipped[1] {
                for x in skipped[2] {
                    if z || y || x { values[position] = AnnotatedSlice.unlabeled }
                    position += 1
                }
            }
        }
        return values
    }
}
