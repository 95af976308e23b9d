package import Foundation
internal import Network
package import Store
internal import Synchronization
internal import Training
internal import Volumes

/// A worker's hold of a running job: offers it the units of the job one after the other, and takes what they give.
///
/// The rest of the job is done here as if this process computed the units.
package final class Lease: UnitComputer {
    /// A unit that the worker may fetch, and what is done with what it sends.
    private struct Offer: Sendable {
        let unit: WorkUnit
        let contents: WorkContents
        let grids: PredictionGrids?
        /// Returns whether the unit has to stop.
        let note: @Sendable (WorkReport) -> Bool
        let keep: @Sendable (Data) throws -> Void
        let end: CheckedContinuation<WorkResult, any Error>
    }

    private struct State {
        var count = 0
        var offer: Offer?
        /// The boxes of the unit's prediction that have come.
        var parts: Set<Box> = []
        var end: LeaseEnd?
        /// How it ended, in words.
        var words: String?
        var giveBack: @Sendable () -> Void = {}
        var log: @Sendable (String) -> Void = { _ in }
    }

    /// The most lines of a report that are kept, and characters of each.
    private static let (lines, characters) = (20, 500)

    package let job: JobRecord
    package let worker: WorkerDescription
    /// The `id` of the token that it came with.
    private let token: Int64?
    private let clerk: LeaseClerk
    private let notifier: JobNotifier
    private let state = Mutex(State())

    package var attempt: Int { job.attempts }

    init(job: JobRecord, worker: WorkerDescription, token: Int64?, clerk: LeaseClerk, notifier: JobNotifier) {
        self.job = job
        self.worker = worker
        self.token = token
        self.clerk = clerk
        self.notifier = notifier
    }

    /// Whether a request of this token and attempt is the holder's.
    func isHeld(by token: Int64?, attempt: Int) -> Bool {
        self.token == token && self.attempt == attempt && state.withLock { $0.end == nil }
    }

    /// Whether the worker was not heard of for too long.
    var isExpired: Bool { state.withLock { $0.end == .expired } }

    /// Says what is done before the job gets a result with which the worker gives it back.
    func onGivingBack(_ action: @escaping @Sendable () -> Void) { state.withLock { $0.giveBack = action } }

    /// Says what is done with the lines that the worker writes to the job's log.
    func onLog(_ action: @escaping @Sendable (String) -> Void) { state.withLock { $0.log = action } }

    /// Has every unit, also later ones, end with this error, and the worker told so.
    func end(_ reason: LeaseEnd, saying words: String? = nil) {
        let offer = state.withLock { state in
            if state.end == nil { state.end = reason }
            state.words = words ?? state.words
            return state.offer.take()
        }
        offer?.end.resume(throwing: reason)
        notifier.notify(.lease(job.id))
    }

    func train(_ unit: TrainingUnit, context: some UnitContext) async throws -> TrainingOutcome {
        var contents = WorkContents()
        var volumes: [WorkUnit.Volume] = []
        for (volume, grid) in zip(unit.volumes, unit.images) {
            let digest = try await clerk.digest(of: grid, volume.image)
            let labels = (volume.slices + volume.heldOut).reduce(into: Data()) { $0.append(contentsOf: $1.values) }
            volumes.append(
                WorkUnit.Volume(
                    name: volume.name, header: volume.image.header, statistics: volume.statistics,
                    image: contents.add(volume.image, digest: digest), slices: volume.slices.map(\.position),
                    heldOut: volume.heldOut.map(\.position), labels: contents.add(labels)))
        }
        var work = WorkUnit(
            number: nextNumber(), kind: .train, volumes: volumes, recipe: unit.recipe, classes: unit.classes,
            budget: unit.budget, interval: unit.interval)
        work.start = unit.start.map { contents.add($0.encoded) }
        work.resume = unit.resume.map { contents.add($0.encoded, isKept: false) }
        let result = try await offer(
            work, contents,
            note: { report in
                if let progress = report.progress { context.report(progress) }
                context.add(curve: report.curve)
                return context.verdict == .stop
            }, keep: { try context.keep(Checkpoint($0)) })
        if let outcome = result.outcome { return outcome }
        guard result.head.ending != .returned else { throw LeaseEnd.orderly }
        throw JobError.failed("the worker sent no model")
    }

    func trial(_ unit: TrialUnit, context: some UnitContext) async throws -> TrialRun.Ending {
        var contents = WorkContents()
        var volumes: [WorkUnit.Volume] = []
        for (volume, grids) in zip(unit.volumes, unit.grids) {
            let labels = volume.slices.reduce(into: Data()) { $0.append(contentsOf: $1.values) }
            var sent = WorkUnit.Volume(
                name: volume.name, header: volume.image.header, statistics: volume.statistics,
                image: contents.add(volume.image, digest: try await clerk.digest(of: grids.image, volume.image)),
                slices: volume.slices.map(\.position), labels: contents.add(labels))
            if let truth = volume.truth, let grid = grids.truth {
                let digest = try await clerk.digest(of: grid, truth)
                sent.truth = WorkUnit.Truth(header: truth.header, voxels: contents.add(truth, digest: digest))
            }
            volumes.append(sent)
        }
        var work = WorkUnit(
            number: nextNumber(), kind: .trial, volumes: volumes, recipe: unit.trial.recipe, classes: unit.classes,
            interval: unit.interval)
        work.trial = unit.trial
        work.tileMemory = unit.tileMemory
        work.resume = unit.resume.map { contents.add($0.encoded, isKept: false) }
        let result = try await offer(
            work, contents,
            note: { report in
                if let progress = report.progress { context.report(progress) }
                return context.verdict == .stop
            }, keep: { try context.keep(Checkpoint($0)) })
        if let trial = result.head.trial { return .done(trial) }
        guard context.verdict == .stop else { throw JobError.failed("the worker sent no result of its run") }
        return .stopped(result.checkpoint)
    }

    func predict(
        _ unit: PredictionUnit, into grids: PredictionGrids, progress: @escaping @Sendable (Double) -> Verdict
    ) async throws -> Bool {
        var contents = WorkContents()
        guard let grid = unit.grid else { throw StoreError.failed("a unit without voxels") }
        let image: WorkUnit.Content
        if let box = unit.tile?.source {
            let part = unit.image.part(box)
            let digest = try await clerk.perform { try WorkContents.digest(of: part) }
            image = contents.add(part, digest: digest, isKept: false)
        } else {
            image = contents.add(unit.image, digest: try await clerk.digest(of: grid, unit.image))
        }
        var volume = WorkUnit.Volume(
            name: unit.volume, header: unit.image.header, statistics: unit.statistics, image: image)
        volume.part = unit.tile?.source
        var work = WorkUnit(number: nextNumber(), kind: .predict, volumes: [volume], recipe: unit.recipe)
        work.weights = contents.add(unit.weights)
        work.tileMemory = unit.tileMemory
        work.tile = unit.tile?.core
        let result = try await offer(
            work, contents, grids, note: { progress($0.progress?.fraction ?? 0) == .stop })
        guard result.head.isWhole else { return false }
        let come = state.withLock { $0.parts.reduce(0) { $0 + $1.extent.voxels } }
        guard come == unit.voxels else {
            throw JobError.failed("the worker sent \(come) of the \(unit.voxels) voxels of its prediction")
        }
        return true
    }

    func finish(_ grids: PredictionGrids) async throws -> PredictionGrids.Finished {
        try await clerk.perform { try grids.finish() }
    }

    private func nextNumber() -> Int {
        state.withLock { state in
            state.count += 1
            return state.count
        }
    }

    /// Offers a unit and waits for its result.
    private func offer(
        _ unit: WorkUnit, _ contents: WorkContents, _ grids: PredictionGrids? = nil,
        note: @escaping @Sendable (WorkReport) -> Bool,
        keep: @escaping @Sendable (Data) throws -> Void = { _ in }
    ) async throws -> WorkResult {
        let result = try await withCheckedThrowingContinuation {
            (continuation: CheckedContinuation<WorkResult, any Error>) in
            let offer = Offer(
                unit: unit, contents: contents, grids: grids, note: note, keep: keep, end: continuation)
            let end = state.withLock { state -> LeaseEnd? in
                guard state.end == nil else { return state.end }
                (state.offer, state.parts) = (offer, [])
                return nil
            }
            if let end { return continuation.resume(throwing: end) }
            notifier.notify(.lease(job.id))
        }
        switch result.head.ending {
        case .done, .returned: return result
        case .failed: throw JobError.failed(result.head.error ?? "the worker could not do it")
        }
    }
}

/// What the worker asks for and sends.
extension Lease {
    /// The unit to compute now, or within a time; `nil` if there is none yet.
    package func unit(within time: Duration) async throws -> WorkUnit? {
        let changes = notifier.subscribe(.lease(job.id))
        if let unit = try current() { return unit }
        return try await withThrowingTaskGroup { group in
            group.addTask { for await _ in changes { return } }
            group.addTask { try await Task.sleep(for: time) }
            defer { group.cancelAll() }
            try await group.next()
            return try current()
        }
    }

    private func current() throws -> WorkUnit? {
        try state.withLock { state in
            guard state.end == nil else { throw state.words.map { StoreError.conflict($0) } ?? over }
            return state.offer?.unit
        }
    }

    /// A piece of what the unit names.
    ///
    /// - Throws: `StoreError.notFound` if the unit names no such thing.
    package func piece(_ number: Int, of digest: String) throws -> [UInt8] {
        guard let contents = state.withLock({ $0.offer?.contents }), let piece = try contents.piece(number, of: digest)
        else { throw StoreError.notFound("such piece of what the unit needs") }
        return piece
    }

    /// Takes what the worker tells of a unit; whether it has to stop and send what it has.
    package func take(_ report: WorkReport) -> Bool {
        let (offer, log) = state.withLock { ($0.offer, $0.log) }
        for line in (report.log ?? []).prefix(Self.lines) { log("\(worker.name): \(line.prefix(Self.characters))") }
        return offer?.note(report) ?? false
    }

    /// Takes a checkpoint of the unit.
    package func take(checkpoint: Data) throws {
        guard let offer = state.withLock({ $0.offer }) else { throw over }
        do {
            try offer.keep(checkpoint)
        } catch let error as NetworkError {
            throw JobError.malformed("the checkpoint can't be read: \(error)")
        }
    }

    /// Takes a part of a prediction; the same part may come twice.
    package func take(_ part: PredictedPart) throws {
        guard let offer = state.withLock({ $0.offer }), offer.unit.number == part.number, let grids = offer.grids
        else { throw over }
        if let tile = offer.unit.tile, !tile.contains(part.box) {
            throw JobError.malformed("the part of a prediction is of another tile")
        }
        try part.write(to: grids)
        state.withLock { _ = $0.parts.insert(part.box) }
    }

    /// Takes the result of a unit.
    ///
    /// A worker that gives the job back while it has no unit names the unit 0.
    package func take(_ result: WorkResult) throws {
        let isReturned = result.head.ending == .returned
        if isReturned, result.number == 0 {
            let giveBack = state.withLock { $0.giveBack }
            giveBack()
            return end(.orderly)
        }
        let (offer, giveBack) = try state.withLock { state in
            guard state.end == nil, let offer = state.offer, offer.unit.number == result.number else { throw over }
            state.offer = nil
            // Whatever the job wants next, this worker doesn't do it.
            if isReturned { state.end = .orderly }
            return (offer, state.giveBack)
        }
        if isReturned { giveBack() }
        offer.end.resume(returning: result)
    }

    private var over: StoreError {
        .conflict("attempt \(attempt) of job \(job.id) is over, or the unit is: ask for the next one")
    }
}
