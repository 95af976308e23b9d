internal import Foundation
internal import Jobs
internal import Network
internal import Store
internal import Training

/// The processes of a worker that Slurm has started several times for one job: the first one talks to the server as the
/// worker, and has the others train along.
///
/// What a training needs the others get from the server by themselves, under the first one's claim. If anything goes wrong on
/// one of them, it ends with an error, and srun ends all.
actor WorkerRanks {
    /// What the first one tells the others.
    private struct Order: Codable {
        var version: String
        var claim: HeldJob.Claim
        var unit: String
    }

    /// How long one that failed waits before it ends, so that the first, which may have failed alike, can tell the server.
    private static let patience = Duration.seconds(20)

    nonisolated let count: Int
    private let runner: UnitRunner
    private var areTogether = true

    init(_ count: Int, _ runner: UnitRunner) { (self.count, self.runner) = (count, runner) }

    /// The number of this process, from 0; joins the others, or says why it can't.
    func rank() async throws -> Int { try await runner.together { $0.rank } ?? 0 }

    /// Has the others train a unit along; lets them end before one that is no training.
    func begin(_ unit: WorkUnit, _ claim: HeldJob.Claim) async throws {
        guard unit.kind == .train else { return try await release() }
        guard areTogether else { throw CommandError("the other ranks have ended; the training has to be started anew") }
        let order = try JSONEncoder().encode(
            Order(version: Slicewise.version, claim: claim, unit: try unit.text()))
        _ = try await runner.together { $0.first([UInt8](order)) }
    }

    /// Lets the others end.
    func release() async throws {
        guard areTogether else { return }
        areTogether = false
        _ = try await runner.together { ranks in
            _ = ranks.first([])
            ranks.leave()
        }
    }

    /// Trains along with the first one until that lets this one end.
    func follow(_ link: ServerLink, _ cache: WorkerCache) async throws {
        do {
            while let order = try await order() {
                let job = HeldJob(claim: order.claim, link: link, cache: cache, isStopping: { false })
                do {
                    let result = try await runner.run(
                        WorkUnit(text: order.unit), from: job, context: FollowingContext(), send: { _ in })
                    if let failure = result.failure { throw CommandError(failure) }
                } catch RankError.unready {
                    // The first one knows as well, and says what follows.
                }
            }
        } catch {
            say("\(error)")
            try? await Task.sleep(for: Self.patience)
            throw error
        }
        _ = try await runner.together { $0.leave() }
    }

    /// What to train next; `nil` if nothing follows.
    private func order() async throws -> Order? {
        guard let bytes = try await runner.together({ $0.first([]) }), !bytes.isEmpty else { return nil }
        let order = try JSONDecoder().decode(Order.self, from: Data(bytes))
        guard order.version == Slicewise.version else {
            throw CommandError(
                "this node has version \(Slicewise.version) of the program, and that of the first rank \(order.version)"
            )
        }
        return order
    }
}

/// Stops nothing and tells nobody: the first rank does.
private struct FollowingContext: UnitContext {
    var verdict: Verdict { .proceed }

    func report(_ progress: JobProgress) -> Bool { false }

    func add(curve points: [CurvePointRecord]) {}

    func keep(_ checkpoint: Checkpoint) {}
}
