internal import Foundation
internal import JSON
internal import Network
internal import Store
internal import Training
internal import Volumes

/// Trains and scores the runs of an experiment; stores no model or prediction, only the results.
struct ExperimentWork {
    let store: Store
    let compute: Compute
    let project: ProjectRecord
    let request: ExperimentRequest
    let settings: JobSettings
    let timings: StepTimings
    let context: JobContext

    func run() async throws -> JobOutcome {
        var (saved, volumes) = try await gather()
        let warnings = LabelWarnings.of(
            volumes.map {
                TrainingVolume(name: $0.name, image: $0.image, statistics: $0.statistics, slices: $0.slices)
            }, classes: saved.state.plan.classes,
            except: project.classes.indices.filter { project.classes[$0].isRemoved })
        let outcome = try await perform(saved, volumes)
        saved.state.results = outcome.results
        if outcome.isStopped, context.stopRequest == .interrupt {
            context.save(checkpoint: try JobCheckpoint(saved.state, checkpoint: outcome.checkpoint).encoded())
            return .interrupted
        }
        let result = ExperimentResult(saved.state.plan, outcome.results, warnings: warnings)
        if outcome.isStopped {
            return .cancelled(model: nil, result: outcome.results.isEmpty ? nil : try JSONValue(encoding: result))
        }
        if let error = outcome.results.first?.error, outcome.results.allSatisfy({ $0.error != nil }) {
            throw JobError.failed("none of the runs gave a result; the first failed with: \(error)")
        }
        return .succeeded(model: nil, result: try JSONValue(encoding: result))
    }

    /// The state of an interrupted attempt, or a new one, with its volumes.
    private func gather() async throws -> (JobCheckpoint<ExperimentState>, [ExperimentVolume]) {
        if let saved = try await store.checkpoint(job: context.job.id).flatMap({ JobCheckpoint<ExperimentState>($0) }) {
            do {
                let volumes = try await saved.state.load(from: store)
                context.log(
                    "continuing after run \(saved.state.results.count) of \(saved.state.plan.trials.count)"
                        + (saved.checkpoint.map { ", from the checkpoint at step \($0.step)" } ?? ""))
                return (saved, volumes)
            } catch let error as StoreError {
                context.log("starting again, since the interrupted experiment can't be resumed: \(error)")
            }
        }
        let state = try await TrainingPlanner(store: store, project: project).experiment(request)
        context.log(
            "\(state.plan.trials.count) runs on \(state.volumes.map(\.name).joined(separator: ", "))")
        return (JobCheckpoint(state, checkpoint: nil), try await state.load(from: store))
    }

    private func perform(
        _ saved: JobCheckpoint<ExperimentState>, _ volumes: [ExperimentVolume]
    ) async throws -> Experiment.Outcome {
        let (context, settings, timings) = (context, settings, timings)
        return try await compute.perform { engine in
            let plan = saved.state.plan
            @Sendable func keep(_ results: [TrialResult], _ checkpoint: Checkpoint?) throws {
                var state = saved.state
                state.results = results
                context.save(checkpoint: try JobCheckpoint(state, checkpoint: checkpoint).encoded())
            }
            let experiment = Experiment(
                plan, volumes: volumes, tileMemory: settings.tileMemory, timings: timings, engine: engine)
            return try experiment.run(
                done: saved.state.results, resume: saved.checkpoint,
                progress: { progress in
                    context.report(JobProgress(progress))
                    return context.verdict
                },
                finished: { results in
                    if let last = results.last { context.log(Self.line(last, results.count, plan.trials.count)) }
                    try keep(results, nil)
                }, checkpoint: { try keep($0, $1) })
        }
    }

    private static func line(_ result: TrialResult, _ number: Int, _ count: Int) -> String {
        let found = result.meanIoU.map { "mean IoU \(Chart.text($0))" } ?? result.error ?? "nothing to score"
        return "run \(number) of \(count), \(result.series), \(result.label): \(found)"
    }
}
