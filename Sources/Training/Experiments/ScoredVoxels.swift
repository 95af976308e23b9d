internal import Volumes

/// What is known of the voxels of a volume that a trial is scored on; 255 everywhere else.
struct ScoredVoxels {
    private let known: any VoxelSource
    /// Planes to score; `nil` for everything.
    private let planes: [Box]?
    /// Indices on each axis whose planes are left out.
    private let except: [Axis: Set<Int>]

    init(_ test: Trial.Test, of volume: ExperimentVolume) throws(TrainingError) {
        let header = volume.image.header
        except = Dictionary(
            uniqueKeysWithValues: Axis.allCases.map { ($0, test.except.indices(of: volume.name, on: $0)) })
        if let places = test.slices {
            let slices = volume.slices(at: places)
            known = SparseLabels(of: header, slices: slices)
            planes = slices.map { Box(slice: $0.axis, $0.index, of: header.extent) }
        } else {
            guard let truth = volume.truth, truth.header.extent == header.extent else {
                throw .mismatch("\(volume.name) has no truth of its own extent to score on.")
            }
            known = truth
            planes = nil
        }
    }

    /// Whether a box has anything to score.
    func meets(_ box: Box) -> Bool { planes?.contains { !$0.intersection(box).isEmpty } ?? true }

    /// The true classes of a box, x fastest.
    func truth(in box: Box) throws -> [UInt8] {
        var values = try known.classes(in: box)
        let skipped = Axis.allCases.map { axis in box.range(axis).map { except[axis]?.contains($0) == true } }
        var place = 0
        for z in skipped[0] {
            for y in skipped[1] {
                for x in skipped[2] {
                    if z || y || x { values[place] = AnnotatedSlice.unlabeled }
                    place += 1
                }
            }
        }
        return values
    }
}
