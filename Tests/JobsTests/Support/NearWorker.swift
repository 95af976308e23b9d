import Foundation
import Jobs
import Network
import Store
import Synchronization
import TestSupport
import Training

/// A worker in this process: all that it fetches and sends is packed as for a network, but goes by none.
final class NearWorker: WorkSource {
    static let description = WorkerDescription(
        name: "near", host: "here", version: "1", processor: "portable", threads: 1)

    let lease: Lease
    private let runner: UnitRunner
    private let folder: TemporaryFolder
    private let sizes = Mutex<Set<Int>>([])

    /// `join` gives the ranks that it trains with.
    init(_ lease: Lease, join: @escaping @Sendable () throws -> (any RankGroup)? = { nil }) throws {
        self.lease = lease
        runner = UnitRunner(threads: 1, join: join)
        folder = try TemporaryFolder()
    }

    /// The sizes of what it has fetched, in bytes.
    var fetched: Set<Int> { sizes.withLock { $0 } }

    func data(_ content: WorkUnit.Content) throws -> Data {
        _ = sizes.withLock { $0.insert(content.bytes) }
        return try (0..<content.pieces).reduce(into: Data()) {
            $0.append(contentsOf: try lease.piece($1, of: content.digest))
        }
    }

    func file(_ content: WorkUnit.Content) throws -> URL {
        let file = folder.url.appending(path: content.digest)
        try data(content).write(to: file)
        return file
    }

    /// The next unit; `nil` once the lease has ended.
    func unit() async throws -> WorkUnit? {
        do {
            while true {
                if let unit = try await lease.unit(within: .seconds(60)) { return try WorkUnit(text: unit.text()) }
            }
        } catch StoreError.conflict {
            return nil
        }
    }

    /// Computes a unit, or its first steps; of a prediction all parts are sent, or none.
    func compute(_ unit: WorkUnit, steps: Int? = nil, sendsParts: Bool = true) async throws -> WorkResult {
        let context = NearContext(lease: lease, steps: steps)
        return try await runner.run(unit, from: self, context: context) { [lease] in
            if sendsParts { try lease.take(PredictedPart($0.encoded())) }
        }
    }

    /// Trains a unit along with the first rank, with what another source has, and tells nobody.
    func follow(_ unit: WorkUnit, from source: some WorkSource) async throws -> WorkResult {
        try await runner.run(unit, from: source, context: SilentContext(), send: { _ in })
    }

    func send(_ result: WorkResult) throws { try lease.take(WorkResult(result.encoded())) }

    /// Computes all that there is to do.
    func work() async throws {
        while let unit = try await unit() { try send(try await compute(unit)) }
    }
}

/// Tells the lease everything at once, and stops after some steps or when the lease says so.
private final class NearContext: UnitContext {
    private let lease: Lease
    private let steps: Int?
    private let mustStop = Mutex(false)

    init(lease: Lease, steps: Int?) {
        self.lease = lease
        self.steps = steps
    }

    var verdict: Verdict { mustStop.withLock { $0 } ? .stop : .proceed }

    func report(_ progress: JobProgress) -> Bool {
        let isEnough = steps.map { progress.step ?? 0 >= $0 } ?? false
        if lease.take(WorkReport(progress: progress)) || isEnough { mustStop.withLock { $0 = true } }
        return true
    }

    func add(curve points: [CurvePointRecord]) { _ = lease.take(WorkReport(curve: points)) }

    func keep(_ checkpoint: Checkpoint) throws { try lease.take(checkpoint: checkpoint.encoded) }
}

private struct SilentContext: UnitContext {
    var verdict: Verdict { .proceed }

    func report(_ progress: JobProgress) -> Bool { false }

    func add(curve points: [CurvePointRecord]) {}

    func keep(_ checkpoint: Checkpoint) {}
}
