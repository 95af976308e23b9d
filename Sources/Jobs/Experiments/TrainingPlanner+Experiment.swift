internal import Store
internal import Training

extension TrainingPlanner {
    /// Plans an experiment: picks the newest labels and fills in every default.
    func experiment(_ request: ExperimentRequest) async throws -> ExperimentState {
        let sources = try await sources(request.volumes, orTruth: request.kind == .transfer)
        for variant in try request.parsedVariants() {
            try check(variant.recipe.loss)
            try checkMemory(for: try resolve(variant.recipe, for: sources.map(\.volume)), sources)
        }
        let volumes = sources.map { PlannedVolume($0, truth: $0.volume.truth) }
        let subjects = zip(sources, volumes).map { source, volume in
            ExperimentSubject(
                name: volume.name, header: source.volume.header, slices: volume.places, hasTruth: volume.truth != nil)
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
