import Network
import Tensors
import TestSupport
import Testing

/// Passes that share memory.
extension TrainingPassTests {
    /// How a network learns.
    private struct Learning {
        var configuration: UNetConfiguration
        var kernels: ConvolutionKernels
        var centre: [Int]?
        var deep = 0.0
        var roundsActivations = false

        func pass(_ network: UNet, _ input: Shape, in memory: ArenaMemory, _ engine: Engine) throws -> TrainingPass {
            try TrainingPass(
                network, input: input, centre: centre, dice: 1, deep: deep, roundsActivations: roundsActivations,
                in: memory, engine: engine)
        }
    }

    private func learnings(
        _ normalization: UNetConfiguration.Normalization, _ kernels: ConvolutionKernels
    ) -> [Learning] {
        var configuration = configuration
        configuration.normalization = normalization
        configuration.levels = 3
        configuration.deepOutputs = 2
        let plain = Learning(configuration: configuration, kernels: kernels)
        var rounded = plain
        rounded.deep = 0.5
        rounded.roundsActivations = true
        return [plain, rounded]
    }

    @Test(
        arguments: [UNetConfiguration.Normalization.none, .batch, .instance],
        [ConvolutionKernels.automatic, .own, .oneDNN])
    func `passes of several shapes in one memory learn what they learn in memory of their own, bit for bit`(
        normalization: UNetConfiguration.Normalization, kernels: ConvolutionKernels
    ) throws {
        let engine = try Engine(threads: 1, parts: 2, kernels: kernels)
        // The last is the largest, so that the memory moves after the others have been used.
        let shapes = [(4, 8, 16), (16, 4, 8), (8, 16, 4), (16, 16, 16)].map {
            Shape(channels: 2, depth: $0, height: $1, width: $2)
        }
        for learning in learnings(normalization, kernels) {
            func learn(in memory: ArenaMemory?) throws -> (losses: [Double], weights: [Float]) {
                let network = try network(learning.configuration)
                let optimizer = Adam(for: network.parameters, engine: engine)
                var passes: [Int: TrainingPass] = [:]
                let losses = try [0, 1, 0, 2, 1, 3, 0, 2, 3, 1].enumerated().map { step, shape in
                    let pass =
                        try passes[shape]
                        ?? learning.pass(network, shapes[shape], in: memory ?? ArenaMemory(), engine)
                    passes[shape] = pass
                    fill(pass, seed: UInt64(step))
                    let loss = try pass.step(classWeights: [1, 2, 3])
                    try optimizer.update(network.parameters, gradients: pass.gradients, rate: 1e-2)
                    return loss
                }
                return (losses, Array(network.parameters.values))
            }
            let shared = try learn(in: ArenaMemory()), apart = try learn(in: nil)
            #expect(shared.losses == apart.losses && shared.losses.allSatisfy(\.isFinite))
            // Thousands of numbers are not worth showing.
            let areEqual = shared.weights == apart.weights
            #expect(areEqual)
        }
    }

    @Test(
        arguments: [UNetConfiguration.Normalization.none, .batch, .instance],
        [ConvolutionKernels.automatic, .own, .oneDNN])
    func `a step depends on nothing that its memory held before`(
        normalization: UNetConfiguration.Normalization, kernels: ConvolutionKernels
    ) throws {
        let engine = try Engine(threads: 1, parts: 2, kernels: kernels)
        for learning in learnings(normalization, kernels) {
            for centre in [nil, [8, 16, 16]] {
                var learning = learning
                learning.centre = centre
                let input = Shape(batch: centre == nil ? 1 : 2, channels: 2, depth: 24, height: 16, width: 16)
                let found = try [0, Float.nan].map { rest in
                    let memory = ArenaMemory()
                    let pass = try learning.pass(try network(learning.configuration), input, in: memory, engine)
                    memory.values.update(repeating: rest)
                    fill(pass, seed: 1)
                    return (try pass.step(classWeights: [1, 2, 3]), Array(pass.gradients.values))
                }
                let areEqual = found[0].0 == found[1].0 && found[0].1 == found[1].1
                #expect(areEqual)
            }
        }
    }
}
