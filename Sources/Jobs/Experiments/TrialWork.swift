internal import Foundation
internal import JSON
internal import Network
internal import Store
internal import Training

/// Trains and scores one trial of an experiment, which is a unit of that.
struct TrialWork {
    /// The kind of job that a trial is.
    static let kind = "trial"

    let store: Store
    let computer: any UnitComputer
    let settings: JobSettings
    let context: JobContext
    /// The experiment's job.
    let experiment: Int64

    /// What a unit that has succeeded has found.
    static func result(of unit: JobRecord) throws -> TrialResult? {
        guard unit.state == .succeeded, let text = unit.result else { return nil }
        return try JSONText.decode(from: text)
    }

    func run() async throws -> JobOutcome {
        guard context.stopRequest != .cancel else { return .cancelled(model: nil) }
        let saved = try await store.checkpoint(job: experiment).flatMap { JobCheckpoint<ExperimentState>($0) }
        guard let number = context.job.number, let state = saved?.state, state.plan.trials.indices.contains(number)
        else { throw StoreError.notFound("the experiment that the run belongs to") }
        let trial = state.plan.trials[number]
        let part = state.only(trial)
        let resume = try await store.checkpoint(job: context.job.id).flatMap { try? Checkpoint($0) }
        if let resume { context.log("continuing from the checkpoint at step \(resume.step)") }
        let unit = TrialUnit(
            trial: trial, volumes: try await part.load(from: store), grids: part.volumes.map { ($0.image, $0.truth) },
            classes: state.plan.classes, tileMemory: settings.tileMemory,
            resume: resume.flatMap { $0.canResume ? $0 : nil }, interval: settings.checkpointInterval)
        switch try await computer.trial(unit, context: try await telling(of: trial, number, in: state)) {
        case .done(let result): return .succeeded(model: nil, result: try JSONValue(encoding: result))
        case .stopped(let checkpoint):
            guard context.stopRequest == .interrupt else { return .cancelled(model: nil) }
            if let checkpoint { context.save(checkpoint: checkpoint.encoded) }
            return .interrupted
        }
    }

    private func telling(of trial: Trial, _ number: Int, in state: ExperimentState) async throws -> TrialContext {
        let units = try await store.units(of: experiment)
        let done = try state.results + units.compactMap { try Self.result(of: $0) }
        let spent = done.map { $0.seconds + $0.predictionSeconds }
        let waiting = units.filter { $0.state == .queued }.compactMap(\.number)
        let budgets = waiting.compactMap { state.plan.trials[$0].budget.seconds }
        let total = spent.reduce(0, +)
        var later: Double?
        if budgets.count == waiting.count {
            later = budgets.reduce(0, +)
        } else if !spent.isEmpty {
            later = total / Double(spent.count) * Double(waiting.count)
        }
        let lanes = max(units.count { $0.state == .running }, 1)
        return TrialContext(
            job: context, run: number + 1, runs: state.plan.trials.count, title: trial.title, before: total,
            later: later.map { $0 / Double(lanes) })
    }
}

/// A unit's context for its trial: the experiment's progress is that of the trial that was heard of last.
private struct TrialContext: UnitContext {
    let job: JobContext
    /// The number of the trial, from 1, and that of all.
    let run: Int
    let runs: Int
    let title: String
    /// Seconds of the trials that were done when this one began, and expected ones of those that waited.
    let before: Double
    let later: Double?

    var verdict: Verdict { job.verdict }

    func report(_ progress: JobProgress) -> Bool {
        var all = progress
        (all.run, all.runs, all.title) = (run, runs, title)
        all.seconds += before
        all.eta = progress.eta.flatMap { eta in later.map { eta + $0 } }
        job.whole()?.report(all)
        return job.report(progress)
    }

    func add(curve points: [CurvePointRecord]) {}

    func keep(_ checkpoint: Checkpoint) throws { job.save(checkpoint: checkpoint.encoded) }
}
