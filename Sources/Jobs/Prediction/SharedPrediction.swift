internal import Foundation
internal import JSON
internal import Store
internal import Synchronization
internal import Training
internal import Volumes

/// The prediction of a volume whose tiles are units of its job, while it goes on.
final class SharedPrediction: Sendable {
    let unit: PredictionUnit
    let grids: PredictionGrids
    let tiles: [PredictedTile]
    /// The number of the first tile among the units of the job.
    let first: Int
    private let progress: @Sendable (Double) -> Verdict
    /// The part of each tile that is done.
    private let parts: Mutex<[Double]>

    init(
        _ unit: PredictionUnit, tiles: [PredictedTile], first: Int, grids: PredictionGrids,
        progress: @escaping @Sendable (Double) -> Verdict
    ) {
        self.unit = unit
        self.tiles = tiles
        self.first = first
        self.grids = grids
        self.progress = progress
        parts = Mutex([Double](repeating: 0, count: tiles.count))
    }

    var numbers: Range<Int> { first..<first + tiles.count }

    /// Predicts the tile of a unit; `false` if it was stopped.
    func predict(
        _ number: Int, by computer: some UnitComputer, tell: @escaping @Sendable (Double) -> Verdict
    ) async throws -> Bool {
        guard numbers.contains(number) else { throw StoreError.notFound("tile \(number) of this volume") }
        var unit = unit
        unit.tile = tiles[number - first]
        return try await computer.predict(unit, into: grids) { part in
            let all = self.report(number, part)
            return tell(part) == .stop ? .stop : all
        }
    }

    private func report(_ number: Int, _ part: Double) -> Verdict {
        let done = parts.withLock { parts in
            parts[number - first] = part
            return zip(parts, tiles).reduce(0) { $0 + $1.0 * Double($1.1.core.extent.voxels) }
        }
        return progress(done / Double(unit.voxels))
    }
}

/// One tile of a prediction, which is a unit of that.
struct TileWork {
    /// The kind of job that a tile is.
    static let kind = "tile"

    let computer: any UnitComputer
    let context: JobContext

    func run() async throws -> JobOutcome {
        guard let shared = context.whole()?.shared, let number = context.job.number else {
            throw StoreError.notFound("the prediction that the tile belongs to")
        }
        let context = context
        let isWhole = try await shared.predict(number, by: computer) { part in
            var progress = JobProgress(phase: .predicting)
            progress.fraction = part
            context.report(progress)
            return context.verdict
        }
        if isWhole { return .succeeded(model: nil, result: .object([:])) }
        return context.stopRequest == .cancel ? .cancelled(model: nil) : .interrupted
    }
}

/// Has the tiles of a volume predicted by whoever is free, and by whoever has the job itself.
struct TileSharing {
    let store: Store
    let computer: any UnitComputer
    let context: JobContext
    let shared: SharedPrediction

    /// Returns once all have been predicted; `false` if the job has to stop before.
    func run() async throws -> Bool {
        let job = context.job
        _ = try await store.addUnits(of: job, kind: TileWork.kind, numbers: shared.numbers)
        context.tellQueue()
        var wakeUps = context.wakeUps.makeAsyncIterator()
        while context.verdict == .proceed {
            if let own = try await store.nextUnit(of: job.id) {
                try await perform(own)
                continue
            }
            let tiles = try await store.units(of: job.id).filter { shared.numbers.contains($0.number ?? -1) }
            if let failed = tiles.first(where: { $0.state == .failed }) {
                throw JobError.failed(failed.error ?? "a tile could not be predicted")
            }
            if tiles.allSatisfy({ $0.state == .succeeded }) {
                tell(tiles)
                return true
            }
            guard await wakeUps.next() != nil else { break }
        }
        return false
    }

    /// Predicts a tile where the job itself is computed.
    private func perform(_ own: JobRecord) async throws {
        let context = context
        do {
            let isWhole = try await shared.predict(own.number ?? -1, by: computer) { _ in context.verdict }
            guard isWhole else {
                try await store.requeue(job: own.id, attempt: own.attempts, isOrderly: true)
                return
            }
            try await store.finish(job: own.id, attempt: own.attempts, state: .succeeded, result: "{}")
        } catch {
            // It stays with nobody.
            _ = try? await store.requeue(job: own.id, attempt: own.attempts, isOrderly: true)
            throw error
        }
    }

    private func tell(_ tiles: [JobRecord]) {
        let by = Dictionary(grouping: tiles) { $0.worker ?? context.job.worker ?? "the server" }
        let shares = by.map { "\($0.value.count) by \($0.key)" }.sorted()
        context.log("\(tiles.count) tiles of \(shared.unit.volume): \(shares.joined(separator: ", "))")
    }
}
