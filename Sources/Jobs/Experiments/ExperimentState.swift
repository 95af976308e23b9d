internal import Store
internal import Training

/// All that decides an experiment, and what it has found so far, so that it can go on unchanged.
struct ExperimentState: Codable, Sendable {
    var volumes: [PlannedVolume]
    var plan: ExperimentPlan
    var results: [TrialResult] = []

    /// The volumes with all that the trials name.
    ///
    /// - Throws: `StoreError.notFound` or `.conflict` if something of it is no longer there.
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
