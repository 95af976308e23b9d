import Network
import Tensors
import TestSupport
import Testing

@Suite struct RankLearnerTests {
    static let shape = Shape(channels: 1, depth: 8, height: 8, width: 8)

    static func network(
        _ norm: UNetConfiguration.Normalization, base: Int = 4, deepOutputs: Int? = nil
    ) throws -> UNet {
        var generator = SeededGenerator(seed: 7)
        return try UNet(
            UNetConfiguration(
                channels: 1, classes: 2, base: base, levels: 2, normalization: norm, deepOutputs: deepOutputs),
            using: &generator)
    }

    // Not one that divides by gradients: near zero their last digits would decide.
    private static let settings = LearnerSettings(classWeights: [1, 2], optimizer: .sgd())

    /// A patch of random voxels, of which the labels of every other are known.
    static func patch(_ seed: Int) -> (images: [Float], labels: [UInt8]) {
        var generator = SeededGenerator(seed: UInt64(seed))
        return (
            (0..<shape.count).map { _ in Float.random(in: -1...1, using: &generator) },
            (0..<shape.count).map { $0 % 2 == 0 ? 255 : UInt8($0 / 2 % 2) }
        )
    }

    /// `isShared` is false for engines whose learners can't share an update.
    @Test(arguments: [true, false])
    func `two ranks learn what one learns from a batch of both`(isShared: Bool) async throws {
        let shared = try await ThreadRanks(2).run { ranks in
            let processor: any ComputeEngine = try isShared ? Engine(threads: 1) : WatchedEngine()
            let engine = RankEngine(processor, ranks)
            let learner = try engine.makeLearner(for: Self.network(.none, base: 16), Self.settings)
            var losses: [Double] = []
            for step in 0..<5 {
                let patch = Self.patch(2 * step + ranks.rank)
                try learner.load(
                    PassShape(input: Self.shape, centre: [8, 8, 8]), images: patch.images, labels: patch.labels)
                losses.append(try learner.step(rate: 1e-2))
            }
            return (losses, try learner.pull(.weights(.current)))
        }
        let alone = try Engine(threads: 1).makeLearner(for: Self.network(.none, base: 16), Self.settings)
        var losses: [Double] = []
        let both = Shape(batch: 2, channels: 1, depth: 8, height: 8, width: 8)
        for step in 0..<5 {
            let (one, other) = (Self.patch(2 * step), Self.patch(2 * step + 1))
            try alone.load(
                PassShape(input: both, centre: [8, 8, 8]), images: one.images + other.images,
                labels: one.labels + other.labels)
            losses.append(try alone.step(rate: 1e-2))
        }
        #expect(shared[0].1 == shared[1].1)
        #expect(shared[0].0 == shared[1].0)
        for (one, other) in zip(shared[0].0, losses) { #expect(abs(one - other) < 1e-5) }
        #expect(Self.distance(shared[0].1, try alone.pull(.weights(.current))) < 1e-5)
    }

    /// How far apart two numbers are at most.
    static func distance(_ one: [Float], _ other: [Float]) -> Float {
        one.count == other.count ? zip(one, other).reduce(0) { max($0, abs($1.0 - $1.1)) } : .infinity
    }

    @Test func `ranks keep the same weights and running statistics, which are the mean of theirs`() async throws {
        let shared = try await ThreadRanks(3).run { ranks in
            let engine = RankEngine(try Engine(threads: 1), ranks)
            let learner = try engine.makeLearner(for: Self.network(.batch), Self.settings)
            let patch = Self.patch(ranks.rank)
            try learner.load(
                PassShape(input: Self.shape, centre: [8, 8, 8]), images: patch.images, labels: patch.labels)
            try learner.forward()
            let running = try learner.pull(.runningStatistics)
            _ = try learner.step(rate: 1e-2)
            return (running, try learner.pull(.weights(.current)))
        }
        #expect(shared[0].1 == shared[1].1)
        #expect(shared[0].1 == shared[2].1)
        var mean = [Float](repeating: 0, count: shared[0].0.count)
        for seed in 0..<3 {
            let alone = try Engine(threads: 1).makeLearner(for: Self.network(.batch), Self.settings)
            let patch = Self.patch(seed)
            try alone.load(PassShape(input: Self.shape, centre: [8, 8, 8]), images: patch.images, labels: patch.labels)
            try alone.forward()
            for (place, value) in try alone.pull(.runningStatistics).enumerated() { mean[place] += value / 3 }
        }
        for (one, other) in zip(shared[0].0, mean) { #expect(abs(one - other) < 1e-5) }
    }

    @Test(arguments: [
        ([7, 7, 7] as [UInt64], true), ([7, 7, 8], false), ([7, 8, 9], false), ([1 << 63, 1 << 63, 0], false),
    ])
    func `ranks find out whether they agree`(numbers: [UInt64], expected: Bool) async throws {
        #expect(try await ThreadRanks(3).run { $0.agree(on: numbers[$0.rank]) } == [expected, expected, expected])
    }
}
