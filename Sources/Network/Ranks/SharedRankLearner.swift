internal import Tensors

/// A rank's learner that shares the updates with the other ranks: each part of the network has an owner, which alone gets
/// the sums of its gradients and keeps its moments; it updates the part, and passes it on.
///
/// Gradients are on their way while the backward pass goes on, and parts that are updated while others are. What is sent,
/// and in which order, does not depend on the time that anything takes.
final class SharedRankLearner: RankLearner {
    private struct Part {
        let range: Range<Int>
        let owner: Int
    }

    private let shared: any SharedLearner
    /// In the order in which the backward pass completes their gradients.
    private let parts: [Part]
    /// Those whose update takes longest first, so that the last one to be passed on is small.
    private let updateOrder: [Part]
    /// The running statistics and the loss, while they are sent.
    private let statistics: UnsafeMutableBufferPointer<Float>

    init(_ learner: any SharedLearner, _ ranks: any RankGroup) {
        shared = learner
        let owners = learner.parts.owners(among: ranks.count)
        let parts = zip(learner.parts, owners).map { Part(range: $0.range, owner: $1) }
        self.parts = parts
        updateOrder = learner.parts.dearestFirst.map { parts[$0] }
        statistics = .allocate(capacity: learner.graph.running.reduce(1) { $0 + $1.count })
        statistics.initialize(repeating: 0)
        super.init(learner, ranks)
    }

    deinit { statistics.deallocate() }

    override func evaluate() throws -> Double {
        let gradients = shared.values(of: .gradients), running = shared.values(of: .runningStatistics)
        var begun = 0
        func begin(_ complete: Int) {
            while begun < complete {
                ranks.begin(.sum(at: parts[begun].owner), gradients.part(parts[begun].range))
                begun += 1
            }
            ranks.advance()
        }
        let loss = try shared.evaluate(progress: begin)
        begin(parts.count)
        _ = statistics.update(fromContentsOf: running)
        statistics[running.count] = Float(loss)
        ranks.begin(.sum(at: 0), statistics)
        ranks.finish()
        ranks.begin(.copy(from: 0), statistics)
        for part in parts where part.owner == ranks.rank { divide(gradients.part(part.range)) }
        ranks.finish()
        divide(statistics)
        _ = running.update(fromContentsOf: statistics.part(0..<running.count))
        return Double(statistics[running.count])
    }

    override func update(rate: Double) throws {
        let weights = shared.values(of: .weights(.current))
        updates += 1
        for part in updateOrder {
            if part.owner == ranks.rank { try shared.update(rate: rate, only: part.range) }
            ranks.begin(.copy(from: part.owner), weights.part(part.range))
            ranks.advance()
        }
        ranks.finish()
    }

    /// Gradients and moments are gathered from their owners: all ranks must ask for them.
    override func pull(_ array: LearnerArray) throws -> [Float] {
        var values = try super.pull(array)
        switch array {
        case .weights, .runningStatistics: return values
        case .gradients, .moment:
            values.withUnsafeMutableBufferPointer { values in
                for part in parts { ranks.begin(.copy(from: part.owner), values.part(part.range)) }
                ranks.finish()
            }
            return values
        }
    }
}

extension UnsafeMutableBufferPointer {
    fileprivate func part(_ range: Range<Int>) -> UnsafeMutableBufferPointer { .init(rebasing: self[range]) }
}
