import Foundation
package import Network
import Synchronization

/// Ranks that are threads of this process.
package final class ThreadRanks: Sendable {
    private let count: Int
    private let condition = NSCondition()
    private let state = Mutex(State())

    private struct State {
        var values: [Int: [Float]] = [:]
        var sums: [Float] = []
        var firsts: [Int: Double] = [:]
        var first = 0.0
        var arrived = 0
        var round = 0
    }

    package init(_ count: Int) { self.count = count }

    /// Runs the body on a thread for each rank, and returns what they return, by rank.
    package func run<Value: Sendable>(_ body: @escaping @Sendable (any RankGroup) throws -> Value) async throws
        -> [Value]
    {
        try await withThrowingTaskGroup(of: (Int, Value).self) { group in
            for rank in 0..<count {
                group.addTask { (rank, try await onThread { try body(One(rank, of: self)) }) }
            }
            var results: [Int: Value] = [:]
            for try await (rank, value) in group { results[rank] = value }
            return (0..<count).compactMap { results[$0] }
        }
    }

    /// Waits for all ranks; the last one to come ends the round.
    private func meet<Value: Sendable>(
        _ bring: (inout State) -> Void, end: (inout State) -> Void, take: (State) -> Value
    ) -> Value {
        condition.lock()
        defer { condition.unlock() }
        let round = state.withLock { state in
            bring(&state)
            state.arrived += 1
            if state.arrived == count {
                end(&state)
                state.arrived = 0
                state.round += 1
                condition.broadcast()
                return state.round - 1
            }
            return state.round
        }
        while state.withLock({ $0.round == round }) { condition.wait() }
        return state.withLock { take($0) }
    }

    private final class One: RankGroup {
        let rank: Int
        let ranks: ThreadRanks
        var count: Int { ranks.count }

        init(_ rank: Int, of ranks: ThreadRanks) { (self.rank, self.ranks) = (rank, ranks) }

        func sum(_ values: UnsafeMutableBufferPointer<Float>) {
            let sums = ranks.meet {
                $0.values[rank] = Array(values)
            } end: { state in
                state.sums = values.indices.map { place in
                    (0..<ranks.count).reduce(0) { $0 + (state.values[$1]?[place] ?? .nan) }
                }
            } take: {
                $0.sums
            }
            _ = values.update(fromContentsOf: sums)
        }

        func first(_ value: Double) -> Double {
            ranks.meet {
                $0.firsts[rank] = value
            } end: {
                $0.first = $0.firsts[0] ?? .nan
            } take: {
                $0.first
            }
        }
    }
}
