internal import Store
internal import Training
internal import Volumes

/// All that decides an experiment, and what it has found so far, so that it can go on unchanged.
struct ExperimentState: Codable, Sendable {
    struct Volume: Codable, Sendable {
        var id: Int64
        var name: String
        /// Identify the voxels.
        var image: VoxelGridID
        var truth: VoxelGridID?
        /// Oldest first.
        var slices: [TrainingPlan.Slice]
    }

    var volumes: [Volume]
    var plan: ExperimentPlan
    var results: [TrialResult] = []
}

extension TrainingPlanner {
    /// Decides an experiment: the newest labels, and every default.
    func experiment(_ request: ExperimentRequest) async throws -> ExperimentState {
        let sources = try await sources(request.volumes, orTruth: request.kind == .transfer)
        for variant in try request.parsedVariants() {
            try check(variant.recipe.loss)
            try checkMemory(for: try resolve(variant.recipe, for: sources.map(\.volume)), sources)
        }
        let volumes = sources.map { source in
            ExperimentState.Volume(
                id: source.volume.id, name: source.volume.name, image: source.volume.image,
                truth: source.volume.truth,
                slices: source.annotations.filter(\.isLabelled).map {
                    TrainingPlan.Slice(axis: $0.axis, index: $0.index, revision: $0.revision)
                })
        }
        let subjects = zip(sources, volumes).map { source, volume in
            ExperimentSubject(
                name: volume.name, header: source.volume.header,
                slices: volume.slices.map { SlicePlace(volume: volume.name, axis: $0.axis, index: $0.index) },
                hasTruth: volume.truth != nil)
        }
        return ExperimentState(volumes: volumes, plan: try plan(request, subjects))
    }

    private func plan(
        _ request: ExperimentRequest, _ subjects: [ExperimentSubject]
    ) throws(JobError) -> ExperimentPlan {
        let classes = project.classes.map(\.name)
        let variants = try request.parsedVariants()
        do throws(TrainingError) {
            return switch request.kind {
            case .crossvalidate:
                try .crossvalidation(
                    subjects, classes: classes, folds: request.folds ?? 3, variants: variants, budget: request.budget)
            case .transfer:
                try .transfer(subjects, classes: classes, variants: variants, budget: request.budget)
            case .slices, .presets:
                try .slices(
                    subjects, classes: classes, counts: request.counts, variants: variants, budget: request.budget)
            }
        } catch {
            throw JobError(error, field: "recipe")
        }
    }
}

extension ExperimentState {
    /// The volumes with all that the trials name.
    ///
    /// - Throws: `StoreError.notFound` or `.conflict` if something of it is no longer there.
    func load(from store: Store) async throws -> [ExperimentVolume] {
        var loaded: [ExperimentVolume] = []
        for planned in volumes {
            let volume = try await store.volume(id: planned.id)
            guard volume.image == planned.image, volume.truth == planned.truth else {
                throw StoreError.conflict("the volume \"\(volume.name)\" or its truth was replaced")
            }
            var slices: [AnnotatedSlice] = []
            for slice in planned.slices {
                let values = try await store.values(volume: volume.id, revision: slice.revision)
                slices.append(AnnotatedSlice(axis: slice.axis, index: slice.index, values: values))
            }
            loaded.append(
                ExperimentVolume(
                    name: planned.name, image: try store.source(grid: volume.image), statistics: volume.statistics,
                    slices: slices, truth: try volume.truth.map { try store.source(grid: $0) }))
        }
        return loaded
    }
}
