internal import Store
internal import Text
internal import Training
internal import Volumes

/// Scores predictions against annotations and truth, and caches the reports.
actor Reports {
    /// Everything that a report depends on.
    private struct Key: Hashable {
        var prediction: VoxelGridID
        /// The model and its ancestors that still exist.
        var models: [Int64]
        /// The current revisions, oldest first.
        var revisions: [Int64]
        var truth: VoxelGridID?
        var classes: [String]
    }

    private static let capacity = 128

    private let store: Store
    private let thread: ComputeThread
    private var known: [Key: Report] = [:]
    /// The keys of `known`, oldest first.
    private var order: [Key] = []

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init(store: Store, on thread: ComputeThread) {
        self.store = store
        self.thread = thread
    }

    /// The report on a volume's stored prediction by a model.
    ///
    /// - Throws: `StoreError.notFound` if there is no such prediction.
    func report(on volume: VolumeRecord, by model: TrainedModel) async throws -> Report {
        let prediction = try await store.prediction(volume: volume.id, model: model.id)
        let annotated = try await store.annotatedSlices(volume: volume.id)
        let project = try await store.project(id: volume.project)
        let lineage = Lineage(of: model, among: try await store.trainedModels(project: volume.project))
        let names = project.classes.map(\.name)
        let key = Key(
            prediction: prediction.labels, models: lineage.models.map(\.id),
            revisions: annotated.map(\.record.revision), truth: volume.truth,
            classes: names.count >= model.classes.count ? names : model.classes)
        // No suspension from here on, so that a report cached by another call in the meantime is seen.
        if let report = known[key] { return report }
        let parts = SliceSplit(annotated, of: volume, as: lineage)
        var report = try Report.measure(
            model: model.name, prediction: try store.source(grid: prediction.labels), training: parts.training,
            heldOut: parts.heldOut, truth: try volume.truth.map { try store.source(grid: $0) },
            of: try store.source(grid: volume.image).ifNotFinite(volume.statistics), classes: key.classes)
        report.warnings = warnings(
            about: report, on: volume.name, of: lineage, parts,
            newer: project.classes.dropFirst(model.classes.count).filter { !$0.isRemoved }.map(\.name))
        known[key] = report
        order.append(key)
        if order.count > Self.capacity { known[order.removeFirst()] = nil }
        return report
    }

    /// The warnings of the model's training, and those about the scores themselves.
    private func warnings(
        about report: Report, on volume: String, of lineage: Lineage, _ parts: SliceSplit, newer: [String]
    ) -> [String] {
        let model = lineage.models[0]
        var warnings = model.metrics?.warnings ?? []
        for name in newer {
            warnings.append("The class \"\(name)\" is newer than the model, which can't predict it.")
        }
        let (test, learned) = parts.testSlices
        if learned > 0 {
            warnings.append(
                "\(learned) of \(test.counting("test slice")) \(learned == 1 ? "was" : "were") learned from before "
                    + "\(learned == 1 ? "it was a test slice" : "they were test slices"), by this model or one that it comes "
                    + "from: \(learned == 1 ? "it counts" : "they count") as training here.")
        }
        if let warning = PredictionSummary.warning(report.training?.meanIoU, volume: volume),
            !warnings.contains(warning)
        {
            warnings.append(warning)
        }
        if report.heldout != nil { warnings += lineage.warnings(about: volume) }
        if report.training != nil, report.heldout == nil, report.truth == nil {
            warnings.append(
                "There is no held-out slice and no truth: these scores are of slices that the model learned from, and "
                    + "say little about the others.")
        }
        return warnings
    }
}
