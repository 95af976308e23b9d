internal import Foundation
internal import JSON
internal import Store
internal import Training

/// Plans an experiment and waits for its trials, which are units that the server and workers take as they take jobs;
/// stores no model or prediction, only the results.
struct ExperimentWork {
    let store: Store
    let project: ProjectRecord
    let request: ExperimentRequest
    let settings: JobSettings
    let context: JobContext

    func run() async throws -> JobOutcome {
        let (state, volumes) = try await gather()
        let plan = state.plan
        let warnings = LabelWarnings.of(
            volumes.map {
                TrainingVolume(name: $0.name, image: $0.image, statistics: $0.statistics, slices: $0.slices)
            }, classes: plan.classes, except: project.classes.indices.filter { project.classes[$0].isRemoved })
        guard let trials = try await trials(of: state) else { return .interrupted }
        let results = state.results + trials
        let result = ExperimentResult(plan, results, warnings: warnings)
        if results.count < plan.trials.count {
            return .cancelled(model: nil, result: results.isEmpty ? nil : try JSONValue(encoding: result))
        }
        if let error = results.first?.error, results.allSatisfy({ $0.error != nil }) {
            throw JobError.failed("none of the runs gave a result; the first failed with: \(error)")
        }
        return .succeeded(model: nil, result: try JSONValue(encoding: result))
    }

    /// The state of an interrupted attempt, or a new one whose units are queued, with its volumes.
    private func gather() async throws -> (ExperimentState, [ExperimentVolume]) {
        let id = context.job.id
        if let saved = try await store.checkpoint(job: id).flatMap({ JobCheckpoint<ExperimentState>($0) }) {
            do {
                let volumes = try await saved.state.load(from: store)
                let units = try await store.units(of: id)
                let done = saved.state.results.count + units.count { $0.state == .succeeded }
                context.log("continuing after run \(done) of \(saved.state.plan.trials.count)")
                if units.isEmpty { try await queue(saved.state) } else { try await store.noteProgress(job: id) }
                return (saved.state, volumes)
            } catch let error as StoreError {
                context.log("starting again, since the interrupted experiment can't be resumed: \(error)")
                try await store.removeUnits(of: id)
            }
        }
        let planner = TrainingPlanner(store: store, project: project, memory: settings.memory)
        let state = try await planner.experiment(request)
        context.log("\(state.plan.trials.count) runs on \(state.volumes.map(\.name).joined(separator: ", "))")
        let volumes = try await state.load(from: store)
        try await queue(state)
        return (state, volumes)
    }

    private func queue(_ state: ExperimentState) async throws {
        _ = try await store.addUnits(
            of: context.job, kind: TrialWork.kind, numbers: state.results.count..<state.plan.trials.count,
            checkpoint: try JobCheckpoint(state, checkpoint: nil).encoded())
    }

    /// The results of the trials that are units, once all of them have ended; `nil` if the server stops before.
    private func trials(of state: ExperimentState) async throws -> [TrialResult]? {
        context.tellQueue()
        var told = Set(try await store.units(of: context.job.id).filter(\.state.isFinal).map(\.id))
        for await _ in context.wakeUps {
            let units = try await store.units(of: context.job.id)
            for unit in units where unit.state.isFinal && told.insert(unit.id).inserted {
                if let result = try TrialWork.result(of: unit) {
                    context.log(line(result, (unit.number ?? 0) + 1, of: state.plan.trials.count, unit))
                }
            }
            if let failed = units.first(where: { $0.state == .failed }) {
                throw JobError.failed("run \((failed.number ?? 0) + 1) failed: \(failed.error ?? "")")
            }
            if units.allSatisfy(\.state.isFinal) { return try units.compactMap { try TrialWork.result(of: $0) } }
            if context.stopRequest == .interrupt { return nil }
        }
        return nil
    }

    private func line(_ result: TrialResult, _ number: Int, of count: Int, _ unit: JobRecord) -> String {
        let found = result.meanIoU.map { "mean IoU \(Chart.text($0))" } ?? result.error ?? "nothing to score"
        return "run \(number) of \(count), \(result.series), \(result.label): \(found)"
            + (unit.worker.map { ", by the worker \($0)" } ?? "")
    }
}
