internal import Store
internal import Training

/// The inputs of an experiment and its results so far, so that it can be resumed unchanged.
struct ExperimentState: Codable, Sendable {
    var volumes: [PlannedVolume]
    var plan: ExperimentPlan
    var results: [TrialResult] = []

    /// The volumes with the slices and truths that the trials name.
    ///
    /// - Throws: `StoreError.notFound` or `.conflict` if any of them was deleted or replaced.
    func load(from store: Store) async throws -> [ExperimentVolume] {
        let snapshot = try await LabelSnapshot(volumes, from: store)
        return try zip(volumes, snapshot.volumes).map { planned, volume in
            guard volume.record.truth == planned.truth else {
                throw StoreError.conflict("the truth of the volume \"\(volume.record.name)\" was replaced")
            }
            return ExperimentVolume(
                name: volume.name, image: volume.image, statistics: volume.record.statistics, slices: volume.slices,
                truth: try volume.record.truth.map { try store.source(grid: $0) })
        }
    }
}
