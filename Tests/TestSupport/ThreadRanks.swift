import Foundation
package import Network
import Synchronization

/// Ranks that are threads of this process.
package final class ThreadRanks: Sendable {
    private let count: Int
    private let condition = NSCondition()
    private let state = Mutex(State())

    private struct State {
        /// What the ranks exchange, all the same, and the values that each brings.
        var exchanges: Set<RankExchange> = []
        var values: [Int: [Float]] = [:]
        var result: [Float] = []
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

    /// A rank, for a thread that the caller sees to.
    package func group(of rank: Int) -> any RankGroup { One(rank, of: self) }

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
        /// What has begun, with the values as they were then.
        private var begun: [(exchange: RankExchange, values: UnsafeMutableBufferPointer<Float>, sent: [Float])] = []
        var count: Int { ranks.count }

        init(_ rank: Int, of ranks: ThreadRanks) { (self.rank, self.ranks) = (rank, ranks) }

        func begin(_ exchange: RankExchange, _ values: UnsafeMutableBufferPointer<Float>) {
            begun.append((exchange, values, Array(values)))
        }

        func advance() {}

        func finish() {
            for (exchange, values, sent) in begun {
                let result = ranks.meet {
                    $0.exchanges.insert(exchange)
                    $0.values[rank] = sent
                } end: { state in
                    precondition(state.exchanges.count == 1, "the ranks exchange \(state.exchanges) at once")
                    state.result = ranks.result(of: exchange, state.values)
                    state.exchanges = []
                } take: {
                    $0.result
                }
                let isSame = sent.withUnsafeBytes { sent in
                    guard let one = sent.baseAddress, let other = values.baseAddress else { return true }
                    return memcmp(one, other, sent.count) == 0
                }
                precondition(isSame || !exchange.reads(at: rank), "values changed while they were on their way")
                if exchange.replaces(at: rank) { _ = values.update(fromContentsOf: result) }
            }
            begun = []
        }

        func leave() {}
    }

    private func result(of exchange: RankExchange, _ values: [Int: [Float]]) -> [Float] {
        switch exchange {
        case .copy(let owner): values[owner] ?? []
        case .sum:
            (1..<max(count, 1)).reduce(into: values[0] ?? []) { sum, rank in
                guard let more = values[rank] else { return }
                for place in sum.indices { sum[place] += more[place] }
            }
        }
    }
}

extension RankExchange {
    /// Whether others read what a rank has.
    fileprivate func reads(at rank: Int) -> Bool {
        switch self {
        case .sum: true
        case .copy(let owner): owner == rank
        }
    }

    /// Whether what a rank has is replaced.
    fileprivate func replaces(at rank: Int) -> Bool {
        switch self {
        case .sum(let owner): owner == rank
        case .copy(let owner): owner != rank
        }
    }
}
