import Network
import Tensors
import TestSupport
import Testing

/// What every engine's learner promises, tried on the processor's.
@Suite(.serialized) struct LearnerTests {
    static let rules: [OptimizerRule] = [.muon(), .adam(), .sgd()]
    private let configuration = UNetConfiguration(channels: 2, classes: 3, base: 4, levels: 2)
    private let shape = PassShape(
        input: Shape(channels: 2, depth: 4, height: 8, width: 6), centre: [4, 8, 6])

    private func settings(_ rule: OptimizerRule = .adam(), hasAverage: Bool = false) -> LearnerSettings {
        LearnerSettings(classWeights: [1, 1, 1], optimizer: rule, hasAverage: hasAverage)
    }

    private func network() throws -> UNet {
        var generator = SeededGenerator(seed: 7)
        return try UNet(configuration, using: &generator)
    }

    private func load(_ learner: any Learner, _ shape: PassShape? = nil, seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let shape = shape ?? self.shape
        try learner.load(
            shape, images: (0..<shape.input.count).map { _ in Float.random(in: -1...1, using: &generator) },
            labels: (0..<shape.centre.reduce(1, *)).map { _ in
                Bool.random(using: &generator) ? 255 : UInt8.random(in: 0..<3, using: &generator)
            })
    }

    private func run(_ learner: any Learner, steps: Range<Int>) throws -> [Double] {
        try steps.map { step in
            try load(learner, seed: step)
            return try learner.step(rate: 1e-2)
        }
    }

    @Test(arguments: rules)
    func `training goes on from a checkpoint as if it had never stopped`(rule: OptimizerRule) throws {
        let engine: any ComputeEngine = try Engine()
        let expected = try run(engine.makeLearner(for: network(), settings(rule)), steps: 0..<10)

        let first = try engine.makeLearner(for: network(), settings(rule))
        _ = try run(first, steps: 0..<5)
        let saved = try Checkpoint(first, step: 5, randomState: [1, 2, 3, 4])
        let restored = try Checkpoint(saved.encoded)
        #expect(restored.step == 5)
        #expect(restored.randomState == [1, 2, 3, 4])
        let second = try engine.makeLearner(for: restored.makeNetwork(), settings(rule))
        try restored.restore(second)
        #expect(second.updates == 5)
        #expect(try run(second, steps: 5..<10) == Array(expected[5...]))
    }

    @Test func `a checkpoint of another optimizer is refused`() throws {
        let engine = try Engine()
        let saved = try Checkpoint(engine.makeLearner(for: network(), settings(.sgd())), step: 1)
        let learner = try engine.makeLearner(for: saved.makeNetwork(), settings(.adam()))
        #expect(throws: NetworkError.self) { try saved.restore(learner) }
    }

    @Test func `a checkpoint brings back all weights that were kept, and the best are what is predicted with`() throws {
        let engine = try Engine()
        let learner = try engine.makeLearner(for: network(), settings(hasAverage: true))
        _ = try run(learner, steps: 0..<2)
        try learner.follow(part: 0.5)
        try learner.copy(.average, to: .best)
        try learner.copy(.current, to: .good)
        _ = try run(learner, steps: 2..<3)
        try learner.follow(part: 0.5)
        let saved = try Checkpoint(learner, step: 3)
        let again = try engine.makeLearner(for: saved.makeNetwork(), settings(hasAverage: true))
        try saved.restore(again)
        for set in WeightSet.allCases {
            #expect(try again.pull(.weights(set)) == learner.pull(.weights(set)), "\(set)")
        }
        let best = try saved.weightsOnly().makeNetwork()
        #expect(try Array(best.parameters.values) == learner.pull(.weights(.best)))
    }

    @Test func `the average follows by the part that it is told`() throws {
        let learner = try Engine().makeLearner(for: network(), settings(hasAverage: true))
        let before = try learner.pull(.weights(.average))
        _ = try run(learner, steps: 0..<1)
        let now = try learner.pull(.weights(.current))
        try learner.follow(part: 0.25)
        let average = try learner.pull(.weights(.average))
        for place in average.indices {
            #expect(abs(average[place] - (0.75 * before[place] + 0.25 * now[place])) < 1e-6)
        }
    }

    @Test func `evaluating learns nothing`() throws {
        let learner = try Engine().makeLearner(for: network(), settings())
        try load(learner, seed: 1)
        let learned = learner.graph.parameterCount
        let before = try learner.pull(.weights(.current)).prefix(learned)
        let loss = try learner.evaluate()
        #expect(try learner.pull(.weights(.current)).prefix(learned) == before)
        #expect(try learner.step(rate: 1e-2) == loss)
        #expect(try learner.pull(.weights(.current)).prefix(learned) != before)
    }

    @Test func `a loss that is not finite moves no weights`() throws {
        let network = try network()
        network.parameters["output.bias"]?.update(repeating: .infinity)
        let learner = try Engine().makeLearner(for: network, settings())
        let before = try learner.pull(.weights(.current)).prefix(learner.graph.parameterCount)
        try load(learner, seed: 1)
        #expect(try !learner.step(rate: 1e-2).isFinite)
        #expect(try learner.pull(.weights(.current)).prefix(before.count) == before)
        #expect(learner.updates == 0)
    }

    @Test func `batches of several shapes move the same weights`() throws {
        let learner = try Engine().makeLearner(for: network(), settings())
        let other = PassShape(input: Shape(channels: 2, depth: 8, height: 4, width: 6), centre: [8, 4, 6])
        for _ in 0..<15 {
            try load(learner, seed: 1)
            _ = try learner.step(rate: 1e-2)
            try load(learner, other, seed: 2)
            _ = try learner.step(rate: 1e-2)
        }
        #expect(learner.updates == 30)
        try load(learner, seed: 1)
        let first = try learner.evaluate()
        try load(learner, other, seed: 2)
        #expect(try max(first, learner.evaluate()) < 0.8)
    }

    @Test func `batches of several shapes take the memory of the largest`() throws {
        let learner = try Engine().makeLearner(for: network(), settings())
        let shapes = [(8, 16, 24), (16, 24, 8), (24, 8, 16)].map { depth, height, width in
            PassShape(
                input: Shape(channels: 2, depth: depth, height: height, width: width), centre: [depth, height, width])
        }
        let before = learner.byteCount
        let alone = try shapes.map { shape in
            let single = try Engine().makeLearner(for: network(), settings())
            try load(single, shape, seed: 1)
            return single.byteCount - before
        }
        for shape in shapes { try load(learner, shape, seed: 1) }
        let labels = shapes[0].input.voxels
        #expect(learner.byteCount - before == (alone.max() ?? 0) + 2 * labels)
    }

    @Test func `running statistics that are pushed are those that the forward pass moves`() throws {
        let learner = try Engine().makeLearner(for: network(), settings())
        let count = learner.graph.running.reduce(0) { $0 + $1.count }
        try load(learner, seed: 1)
        try learner.push([Float](repeating: 0, count: count), to: .runningStatistics)
        try learner.forward()
        let once = try learner.pull(.runningStatistics)
        #expect(once.contains { $0 != 0 })
        try learner.push(once.map { $0 / NetworkGraph.momentum }, to: .runningStatistics)
        let settled = try learner.pull(.runningStatistics)
        try learner.forward()
        for (one, other) in zip(settled, try learner.pull(.runningStatistics)) {
            #expect(abs(one - other) <= 1e-5 * max(1, abs(one)))
        }
        #expect(try learner.pull(.weights(.current)).suffix(count) == learner.pull(.runningStatistics)[...])
    }

    @Test func `predictions follow the weights at each refresh`() throws {
        let learner = try Engine().makeLearner(for: network(), settings())
        let inference = try learner.makeInference(of: .current, input: shape.input, statistics: .current)
        inference.input.update(repeating: 0.5)
        #expect(try inference.run { _ in true })
        let before = Array(inference.probabilities)
        _ = try run(learner, steps: 0..<3)
        try inference.refresh()
        #expect(try inference.run { _ in true })
        #expect(Array(inference.probabilities) != before)
        #expect(try !inference.run { _ in false })
    }
}
