internal import JSON
internal import Network
internal import Store
internal import Text
internal import Training
internal import Volumes

/// Trains on the annotated slices of volumes, stores the model, and predicts.
struct TrainingWork {
    let store: Store
    let computer: any UnitComputer
    let predictions: PredictionService
    let project: ProjectRecord
    let request: TrainingRequest
    let settings: JobSettings
    let timings: StepTimings
    let context: JobContext

    func run() async throws -> JobOutcome {
        // If the job has a model, an earlier attempt was interrupted after its training.
        if let model = try await store.models(project: project.id).first(where: { $0.job == context.job.id }) {
            if context.stopRequest == .cancel { return .cancelled(model: model.name) }
            context.log("the training is done already; continuing with the prediction")
            return await predict(model)
        }
        let inputs = try await gather()
        let warnings =
            LabelWarnings.of(
                inputs.volumes, classes: inputs.plan.classes, except: inputs.plan.removed ?? [],
                axes: inputs.axes)
            + VolumeWarnings.of(inputs.volumes, for: inputs.plan.recipe) + (try await inheritance(inputs))
        if inputs.resume == nil { for warning in warnings { context.log("warning: \(warning)") } }
        var outcome = try await learn(inputs)
        let learned = outcome.metrics.warnings ?? []
        for warning in learned { context.log("warning: \(warning)") }
        outcome.metrics.warnings = warnings + learned
        if outcome.isStopped, context.stopRequest == .interrupt {
            context.save(checkpoint: try JobCheckpoint(inputs.plan, checkpoint: outcome.checkpoint).encoded())
            return .interrupted
        }
        if outcome.isStopped, outcome.metrics.steps == 0 { return .cancelled(model: nil) }
        let end = ContinuousClock.now
        let model = try await keep(outcome, of: inputs)
        if let kind = outcome.kind { timings.note(storing: (ContinuousClock.now - end) / .seconds(1), of: kind) }
        return outcome.isStopped ? .cancelled(model: model.name) : await predict(model)
    }

    /// The inputs of an interrupted attempt with its checkpoint, or those of a new plan.
    private func gather() async throws -> TrainingInputs {
        if let saved = try await store.checkpoint(job: context.job.id).flatMap({ JobCheckpoint<TrainingPlan>($0) }),
            let checkpoint = saved.checkpoint
        {
            do {
                let inputs = try await TrainingInputs(saved.state, resume: checkpoint, from: store)
                context.log("continuing from the checkpoint at step \(checkpoint.step)")
                return inputs
            } catch let error as StoreError {
                context.log("starting again, since the interrupted training can't be resumed: \(error)")
            }
        }
        let plan = try await TrainingPlanner(store: store, project: project).plan(request)
        let slices = plan.trainedOn.values.map(\.count).reduce(0, +)
        context.log(
            "learning from \(slices.counting("slice")) of \(plan.volumes.map(\.name).joined(separator: ", ")), "
                + (plan.parent.map { "starting from \($0.name)" } ?? "from scratch")
                + (plan.keptOut.isEmpty ? "" : "; \(plan.keptOut.count.counting("slice")) held out"))
        return try await TrainingInputs(plan, resume: nil, from: store)
    }

    /// Warnings about the model that the training starts from: settings of the recipe that it overrules, and held-out
    /// slices that it learned from.
    private func inheritance(_ inputs: TrainingInputs) async throws -> [String] {
        guard let parent = inputs.plan.parent else { return [] }
        var warnings: [String] = []
        if let start = inputs.start, case .object(let given)? = request.recipe {
            let keys = inputs.plan.recipe.overruled(by: start).filter { given[$0] != nil }
            if !keys.isEmpty {
                warnings.append(
                    "\(keys.joined(separator: ", ")) of the recipe had no effect: a training that starts from a model, "
                        + "here \(parent.name), keeps its shape; \"from\":\"scratch\" makes a new one.")
            }
        }
        let all = try await store.trainedModels(project: project.id)
        guard let model = all.first(where: { $0.id == parent.id }) else { return warnings }
        if model.metrics?.hasDiverged == true {
            warnings.append(
                "\(parent.name), which this training starts from, is what was learned before its training diverged.")
        }
        let lineage = Lineage(of: model, among: all)
        let kept = inputs.plan.keptOut
        let seen = kept.filter { lineage.positions(in: $0.volume).contains($0.position) }
        if !seen.isEmpty {
            warnings.append(
                "\(seen.count) of \(kept.count.counting("held-out slice")) \(seen.count == 1 ? "was" : "were") used to train \(parent.name), "
                    + "which this training starts from: held-out scores will be too good.")
        }
        return warnings
    }

    private func learn(_ inputs: TrainingInputs) async throws -> TrainingOutcome {
        try await computer.train(
            inputs.unit(every: settings.checkpointInterval), context: TrainingContext(job: context, plan: inputs.plan))
    }

    /// Stores the trained model.
    private func keep(_ outcome: TrainingOutcome, of inputs: TrainingInputs) async throws -> ModelRecord {
        context.add(curve: outcome.curve)
        let plan = inputs.plan
        let weights = try outcome.checkpoint.weightsOnly().encoded
        var model = NewModel(
            name: request.name ?? "model-\(context.job.id)", parent: plan.parent?.name, classes: plan.classes,
            recipe: try JSONText.encode(outcome.recipe),
            configuration: try JSONText.encode(outcome.checkpoint.configuration),
            seed: Int64(clamping: outcome.recipe.seed), labelsHash: inputs.labelsHash,
            metrics: try JSONText.encode(outcome.metrics), heldOut: try JSONText.encode(plan.keptOut),
            trainedOn: try JSONText.encode(plan.trainedOn), job: context.job.id, attempt: context.job.attempts)
        let name = model.name
        var (number, metrics) = (1, outcome.metrics)
        while true {
            do {
                return try await store.addModel(project: project.id, model, weights: weights)
            } catch StoreError.conflict(let reason) {
                // A name that was asked for is reserved while the job waits and runs; only a generated one may be taken.
                guard number < 100 else { throw StoreError.conflict(reason) }
                number += 1
                model.name = "\(name)-\(number)"
                if request.name != nil {
                    metrics.warnings =
                        (outcome.metrics.warnings ?? []) + [
                            "The name \(name) was taken in the meantime: the model is called \(model.name)."
                        ]
                    model.metrics = try JSONText.encode(metrics)
                }
            }
        }
    }

    /// Predicts with the model, which is kept even if that fails.
    private func predict(_ record: ModelRecord) async -> JobOutcome {
        do {
            let model = TrainedModel(record)
            let all = try await store.volumes(project: project.id)
            let names = request.predict ?? model.trainedOn?.keys.sorted() ?? []
            let volumes = names.compactMap { name in all.first { $0.name == name } }
            guard var metrics = model.metrics else { throw StoreError.corrupt("the model has no metrics") }
            for name in names where !volumes.contains(where: { $0.name == name }) {
                metrics.warnings = (metrics.warnings ?? []) + ["The volume \(name) was deleted and not predicted."]
            }
            var progress = JobProgress(phase: .predicting, seconds: metrics.seconds)
            progress.step = metrics.steps
            progress.steps = metrics.steps
            progress.loss = metrics.loss
            progress.heldOutIoU = metrics.heldOutIoU
            context.report(progress)
            let work = PredictionWork(
                store: store, computer: computer, predictions: predictions, settings: settings, context: context)
            guard let summaries = try await work.run(model, volumes, progress: progress) else {
                return context.stopRequest == .interrupt ? .interrupted : .cancelled(model: model.name)
            }
            metrics.volumes = summaries
            // One figure for what was held out: that of the reports, where the prediction has made it possible.
            metrics.heldOutIoU = summaries.heldOutIoU ?? metrics.heldOutIoU
            for summary in summaries {
                guard let warning = summary.warning, metrics.warnings?.contains(warning) != true else { continue }
                context.log("warning: \(warning)")
                metrics.warnings = (metrics.warnings ?? []) + [warning]
            }
            try await store.setMetrics(model: model.id, try JSONText.encode(metrics))
            return .succeeded(model: model.name, result: try JSONValue(encoding: metrics))
        } catch is LeaseEnd {
            return .interrupted
        } catch {
            return .failed(model: record.name, message: FailureMessage.of(error))
        }
    }
}

/// A job's context for its training, which is resumed by its plan.
private struct TrainingContext: UnitContext {
    let job: JobContext
    let plan: TrainingPlan

    var verdict: Verdict { job.verdict }

    func report(_ progress: JobProgress) -> Bool { job.report(progress) }

    func add(curve points: [CurvePointRecord]) { job.add(curve: points) }

    func keep(_ checkpoint: Checkpoint) throws {
        job.save(checkpoint: try JobCheckpoint(plan, checkpoint: checkpoint).encoded())
    }
}
