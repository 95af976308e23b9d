internal import Store
internal import Training

/// The inputs of an experiment, which its trials read, so that all of them learn from the same.
struct ExperimentState: Codable, Sendable {
    var volumes: [PlannedVolume]
    var plan: ExperimentPlan
    /// Those of the first trials, where an earlier version began the experiment; they are no units.
    var results: [TrialResult] = []

    /// The same with no more than a trial names.
    func only(_ trial: Trial) -> ExperimentState {
        var state = self
        let slices = trial.training + (trial.test.slices ?? [])
        state.volumes = volumes.compactMap { volume in
            let places = Set(slices.positions(in: volume.name))
            guard !places.isEmpty || trial.test.volumes.contains(volume.name) else { return nil }
            var volume = volume
            volume.slices = volume.slices.filter { places.contains($0.position) }
            if trial.test.slices != nil || !trial.test.volumes.contains(volume.name) { volume.truth = nil }
            return volume
        }
        return state
    }

    /// The volumes with the slices and truths that the trials name.
    ///
    /// - Throws: `StoreError.notFound` or `.conflict` if any of them was deleted or replaced.
    func load(from store: Store) async throws -> [ExperimentVolume] {
        let snapshot = try await LabelSnapshot(volumes, from: store)
        return try zip(volumes, snapshot.volumes).map { planned, volume in
            guard planned.truth == nil || volume.record.truth == planned.truth else {
                throw StoreError.conflict("the truth of the volume \"\(volume.record.name)\" was replaced")
            }
            return ExperimentVolume(
                name: volume.name, image: volume.image, statistics: volume.record.statistics, slices: volume.slices,
                truth: try planned.truth.map { try store.source(grid: $0) })
        }
    }
}
