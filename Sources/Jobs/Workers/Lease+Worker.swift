package import Foundation
internal import Network
internal import Store
internal import Synchronization
internal import Volumes

/// What the worker asks for and sends.
extension Lease {
    /// The most lines of a report that are kept, and characters of each.
    private static let (lines, characters) = (20, 500)

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
