import Network
import Tensors
import TestSupport
import Testing

/// How ranks share the work of an update, and what they send.
extension RankLearnerTests {
    private static let passShape = PassShape(input: shape, centre: [8, 8, 8])

    private static func settings(_ rule: OptimizerRule) -> LearnerSettings {
        LearnerSettings(classWeights: [1, 2], deep: 0.5, optimizer: rule)
    }

    /// The mean of the gradients of some patches, as one learner computes them.
    private static func gradients(of patches: [Int], _ learner: any Learner) throws -> [Float] {
        var sum: [Float] = []
        for seed in patches {
            let patch = patch(seed)
            try learner.load(passShape, images: patch.images, labels: patch.labels)
            _ = try learner.evaluate()
            let found = try learner.pull(.gradients)
            sum = sum.isEmpty ? found : zip(sum, found).map { $0 + $1 }
        }
        return sum.map { $0 * (1 / Float(patches.count)) }
    }

    @Test(arguments: [OptimizerRule.muon(decay: 0.01), .adam(), .sgd()], [2, 3])
    func `an update that is shared is that of the mean gradient, and so are its moments`(
        rule: OptimizerRule, count: Int
    ) async throws {
        let shared = try await ThreadRanks(count).run { ranks in
            let engine = RankEngine(try Engine(threads: 1), ranks)
            let learner = try engine.makeLearner(
                for: Self.network(.none, base: 16, deepOutputs: 1), Self.settings(rule))
            let patch = Self.patch(ranks.rank)
            try learner.load(Self.passShape, images: patch.images, labels: patch.labels)
            for _ in 0..<3 { _ = try learner.step(rate: 1e-3) }
            let gradients = try learner.pull(.gradients)
            let moments = try learner.moments.map { try learner.pull(.moment($0)) }
            return (weights: try learner.pull(.weights(.current)), gradients, moments, learner.updates)
        }
        for other in shared.dropFirst() {
            #expect(other.weights == shared[0].weights && other.1 == shared[0].1 && other.2 == shared[0].2)
        }
        let alone = try Engine(threads: 1).makeLearner(
            for: Self.network(.none, base: 16, deepOutputs: 1), Self.settings(rule))
        var gradients: [Float] = []
        for _ in 0..<3 {
            gradients = try Self.gradients(of: Array(0..<count), alone)
            try alone.push(gradients, to: .gradients)
            try alone.update(rate: 1e-3)
        }
        #expect(shared[0].3 == 3)
        #expect(Self.distance(shared[0].1, gradients) < 1e-5)
        #expect(Self.distance(shared[0].weights, try alone.pull(.weights(.current))) < 1e-5)
        for (found, name) in zip(shared[0].2, alone.moments) {
            #expect(Self.distance(found, try alone.pull(.moment(name))) < 1e-5, "\(name)")
        }
    }

    @Test func `a checkpoint is whole, and any number of ranks goes on from it`() async throws {
        @Sendable func make(_ network: UNet, _ ranks: (any RankGroup)?) throws -> any Learner {
            let processor = try Engine(threads: 1)
            let engine: any ComputeEngine = ranks.map { RankEngine(processor, $0) } ?? processor
            return try engine.makeLearner(for: network, Self.settings(.muon()))
        }
        @Sendable func step(_ learner: any Learner, _ seed: Int) throws {
            let patch = Self.patch(seed)
            try learner.load(Self.passShape, images: patch.images, labels: patch.labels)
            _ = try learner.step(rate: 1e-3)
        }
        let saved = try await ThreadRanks(2).run { ranks in
            let learner = try make(Self.network(.none, base: 16), ranks)
            for number in 0..<3 { try step(learner, 2 * number + ranks.rank) }
            return try Checkpoint(learner, step: 3, randomState: [1, 2, 3, 4])
        }
        #expect(saved[0].encoded == saved[1].encoded)
        let checkpoint = saved[0]
        // All learn from the same patch, so that as many as there are learn what one does.
        @Sendable func goOn(_ ranks: (any RankGroup)?) throws -> [Float] {
            let learner = try make(checkpoint.makeNetwork(), ranks)
            try checkpoint.restore(learner)
            for seed in 7..<9 { try step(learner, seed) }
            return try learner.pull(.weights(.current)) + learner.pull(.moment("first"))
        }
        let alone = try goOn(nil)
        for count in 2...3 {
            for found in try await ThreadRanks(count).run({ try goOn($0) }) {
                #expect(Self.distance(found, alone) < 1e-5)
            }
        }
    }

    @Test(arguments: [UNetConfiguration.Normalization.none, .batch], [nil, 1] as [Int?])
    func `gradients leave while the backward pass goes on, each when it is complete`(
        norm: UNetConfiguration.Normalization, deepOutputs: Int?
    ) throws {
        let ranks = RecordingRanks()
        let learner = try RankEngine(try Engine(threads: 1), ranks).makeLearner(
            for: Self.network(norm, base: 16, deepOutputs: deepOutputs), Self.settings(.adam()))
        let patch = Self.patch(1)
        try learner.load(Self.passShape, images: patch.images, labels: patch.labels)
        _ = try learner.evaluate()
        #expect(ranks.changed == 0)
        let sums = ranks.events.indices.filter {
            if case .began(.sum, _) = ranks.events[$0] { true } else { false }
        }
        let running = learner.graph.running.reduce(0) { $0 + $1.count }
        #expect(ranks.sums == learner.graph.parameterCount + running + 1)
        let (first, last) = (try #require(sums.first), try #require(sums.last))
        #expect(ranks.events[first..<last].count { $0 == .advanced } >= 8)
        // What is sent, and in which order, is the same for a patch of another shape.
        let before = ranks.events.filter { $0 != .advanced }
        ranks.events = []
        let other = Shape(channels: 1, depth: 16, height: 8, width: 12)
        try learner.load(
            PassShape(input: other, centre: [4, 8, 12]), images: [Float](repeating: 0.5, count: other.count),
            labels: [UInt8](repeating: 1, count: 4 * 8 * 12))
        _ = try learner.evaluate()
        #expect(ranks.changed == 0)
        #expect(ranks.events.filter { $0 != .advanced } == before)
    }
}
