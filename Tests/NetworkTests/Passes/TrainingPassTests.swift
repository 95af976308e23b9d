import Foundation
import Network
import Tensors
import TestSupport
import Testing

@Suite(.serialized) struct TrainingPassTests {
    let configuration = UNetConfiguration(channels: 2, classes: 3, base: 4, levels: 2)
    let shape = Shape(channels: 2, depth: 4, height: 8, width: 6)

    func network(_ configuration: UNetConfiguration? = nil) throws -> UNet {
        var generator = SeededGenerator(seed: 7)
        return try UNet(configuration ?? self.configuration, using: &generator)
    }

    @discardableResult private func fill(_ input: UnsafeMutableBufferPointer<Float>, seed: UInt64) -> SeededGenerator {
        var generator = SeededGenerator(seed: seed)
        for index in input.indices { input[index] = Float.random(in: -1...1, using: &generator) }
        return generator
    }

    func fill(_ pass: TrainingPass, seed: UInt64) {
        var generator = fill(pass.input, seed: seed)
        for index in pass.labels.indices {
            pass.labels[index] = Bool.random(using: &generator) ? 255 : UInt8.random(in: 0..<3, using: &generator)
        }
    }

    @Test func `a patch without labels has loss 0 and gradient 0`() throws {
        let pass = try TrainingPass(try network(), input: shape, engine: try Engine())
        fill(pass, seed: 1)
        pass.labels.update(repeating: 255)
        #expect(try pass.step(classWeights: [1, 2, 3]) == 0)
        #expect(pass.gradients.values.allSatisfy { $0 == 0 })
    }

    @Test func `classes of weight 0 count for nothing`() throws {
        let pass = try TrainingPass(try network(), input: shape, engine: try Engine())
        fill(pass, seed: 1)
        #expect(try pass.step(classWeights: [0, 0, 0]) == 0)
        #expect(pass.gradients.values.allSatisfy { $0 == 0 })
    }

    @Test(
        arguments: [UNetConfiguration.Normalization.none, .batch, .instance], [UNetConfiguration.Padding.same, .valid])
    func `activations rounded to 16 bits take less room and hardly change loss and gradients`(
        normalization: UNetConfiguration.Normalization, padding: UNetConfiguration.Padding
    ) throws {
        var configuration = configuration
        configuration.base = 8
        configuration.levels = 3
        configuration.deepOutputs = 1
        configuration.normalization = normalization
        configuration.padding = padding
        var input = configuration.graph.inputShape(covering: Shape(channels: 3, depth: 8, height: 16, width: 16))
        input.batch = 2
        let network = try network(configuration)
        let passes = try [false, true].map { rounds in
            let pass = try TrainingPass(
                network, input: input, dice: 1, deep: 0.5, roundsActivations: rounds, engine: try Engine())
            fill(pass, seed: 1)
            return pass
        }
        let losses = try passes.map { try $0.step(classWeights: [1, 2, 3]) }
        #expect(losses[0] != losses[1] && abs(losses[0] - losses[1]) < 0.01 * losses[0])
        var difference = 0.0, norm = 0.0
        for (exact, rounded) in zip(passes[0].gradients.learned, passes[1].gradients.learned) {
            difference += pow(Double(exact - rounded), 2)
            norm += pow(Double(exact), 2)
        }
        // With labels at random the terms of the gradients nearly cancel, and what is left feels the rounding.
        #expect(difference < 0.35 * 0.35 * norm, "an error of \((difference / norm).squareRoot())")
        #expect(passes[1].byteCount < passes[0].byteCount)
    }

    @Test func `rounded activations don't depend on the number of threads`() throws {
        var configuration = configuration
        configuration.base = 8
        let network = try network(configuration)
        let gradients = try [1, 2].map { threads in
            let pass = try TrainingPass(
                network, input: Shape(channels: 2, depth: 8, height: 16, width: 16), roundsActivations: true,
                engine: try Engine(threads: threads, parts: 2))
            fill(pass, seed: 1)
            _ = try pass.step(classWeights: [1, 2, 3])
            return Array(pass.gradients.learned)
        }
        #expect(gradients[0] == gradients[1])
    }

    @Test(arguments: [ConvolutionKernels.own, .oneDNN])
    func `rounding goes with levels of other kernels and with libraries that read floats`(
        kernels: ConvolutionKernels
    ) throws {
        var configuration = configuration
        configuration.base = 8
        configuration.kernels = [[3, 3, 3], [3, 1, 3]]
        configuration.windows = [[2, 1, 2]]
        let network = try network(configuration)
        let losses = try [false, true].map { rounds in
            let pass = try TrainingPass(
                network, input: shape, roundsActivations: rounds, engine: try Engine(kernels: kernels))
            fill(pass, seed: 1)
            return try pass.step(classWeights: [1, 2, 3])
        }
        #expect(abs(losses[0] - losses[1]) < 0.02 * losses[0])
        // oneDNN's kernels read floats, so nothing is rounded for them.
        #expect((losses[0] == losses[1]) == (kernels == .oneDNN))
    }

    @Test func `outputs that have no part in the loss have gradient 0 after every step`() throws {
        var configuration = configuration
        configuration.deepOutputs = 1
        let pass = try TrainingPass(try network(configuration), input: shape, engine: try Engine())
        fill(pass, seed: 1)
        for _ in 0..<2 {
            _ = try pass.step(classWeights: [1, 2, 3])
            for name in ["encoder.1.output.weight", "encoder.1.output.bias", "encoder.0.norm0.running_var"] {
                #expect(try #require(pass.gradients[name]).allSatisfy { $0 == 0 })
            }
            #expect(try #require(pass.gradients["output.weight"]).contains { $0 != 0 })
        }
    }

    @Test func `gradients take room that activations don't need any more`() throws {
        var configuration = configuration
        configuration.levels = 4
        configuration.base = 16
        let network = try network(configuration)
        let pass = try TrainingPass(
            network, input: Shape(channels: 2, depth: 32, height: 32, width: 32), engine: try Engine(threads: 2))
        let parameters = network.parameters.values.count * MemoryLayout<Float>.stride
        // Weights, and 2.7 times their memory for activations and gradients; gradients alone would be another 1.
        #expect(pass.byteCount < 4 * parameters)
    }

    @Test(arguments: [UNetConfiguration.Normalization.none, .batch, .instance], [2, 3])
    func `gradients agree with finite differences`(
        normalization: UNetConfiguration.Normalization, dimensions: Int
    ) throws {
        var configuration = configuration
        configuration.normalization = normalization
        configuration.dimensions = dimensions
        try checkGradient(of: configuration, input: shape)
    }

    @Test(arguments: [
        ([[1, 3, 3], [3, 3, 3]], [[1, 2, 2]]), ([[3, 3, 3], [3, 3, 3]], [[1, 2, 2]]),
        ([[3, 3, 1], [3, 3, 3]], [[2, 2, 1]]), ([[3, 1, 3], [3, 3, 3]], [[2, 1, 2]]),
    ])
    func `gradients agree where levels differ in their kernels and windows`(
        kernels: [[Int]], windows: [[Int]]
    ) throws {
        var configuration = configuration
        configuration.kernels = kernels
        configuration.windows = windows
        try checkGradient(of: configuration, input: shape)
    }

    @Test(arguments: [UNetConfiguration.Normalization.none, .batch])
    func `gradients agree with soft Dice beside the cross-entropy`(
        normalization: UNetConfiguration.Normalization
    ) throws {
        var configuration = configuration
        configuration.normalization = normalization
        try checkGradient(of: configuration, input: shape, dice: 1.5)
    }

    @Test func `soft Dice counts labelled voxels of classes that are there only`() throws {
        let network = try network(), engine = try Engine()
        let plain = try TrainingPass(network, input: shape, engine: engine)
        let both = try TrainingPass(network, input: shape, dice: 1, engine: engine)
        for pass in [plain, both] {
            fill(pass, seed: 1)
            for index in pass.labels.indices { pass.labels[index] = index % 5 == 0 ? UInt8(index % 2) : 255 }
        }
        let voxels = shape.voxels
        let logits = Array(try both.forwardLogits())
        var overlap = [0.0, 0], sum = [0.0, 0], count = [0.0, 0]
        for voxel in 0..<voxels where both.labels[voxel] != 255 {
            let raised: [Double] = (0..<3).map { exp(Double(logits[$0 * voxels + voxel])) }
            let total = raised.reduce(0, +)
            count[Int(both.labels[voxel])] += 1
            overlap[Int(both.labels[voxel])] += raised[Int(both.labels[voxel])] / total
            for value in 0..<2 { sum[value] += raised[value] / total }
        }
        var dice = 0.0
        for value in 0..<2 {
            let top: Double = 2 * overlap[value] + 1
            dice += top / (sum[value] + count[value] + 1)
        }
        let expected: Double = try plain.step(classWeights: [1, 1, 1]) + 1 - dice / 2
        #expect(try abs(both.step(classWeights: [1, 1, 1]) - expected) < 1e-4)
        both.labels.update(repeating: 255)
        #expect(try both.step(classWeights: [1, 2, 3]) == 0)
        #expect(both.gradients.values.allSatisfy { $0 == 0 })
    }

    @Test(arguments: [UNetConfiguration.Normalization.none, .batch], [1, 3, 4])
    func `gradients agree where only the centre is computed`(
        normalization: UNetConfiguration.Normalization, levels: Int
    ) throws {
        var configuration = configuration
        configuration.normalization = normalization
        configuration.levels = levels
        let input = Shape(channels: configuration.channels, depth: 24, height: 16, width: 16)
        guard levels > 1 else {
            #expect(throws: NetworkError.self) {
                try TrainingPass(try network(configuration), input: input, centre: [8, 16, 16], engine: try Engine())
            }
            return
        }
        try checkGradient(of: configuration, input: input, centre: [8, 16, 16])
    }

    @Test(arguments: [[8, 48, 24], [24, 8, 24], [24, 48, 8], [12, 24, 24]], [ConvolutionKernels.own, .oneDNN])
    func `the centre alone is what it is within the whole`(centre: [Int], kernels: ConvolutionKernels) throws {
        var configuration = configuration
        configuration.normalization = .none
        configuration.levels = 3
        configuration.base = 4
        let network = try network(configuration), engine = try Engine(kernels: kernels)
        let input = Shape(channels: configuration.channels, depth: 24, height: 48, width: 24)
        let whole = try TrainingPass(network, input: input, engine: engine)
        let part = try TrainingPass(network, input: input, centre: centre, engine: engine)
        #expect(part.outputShape.extent == centre)
        #expect(part.byteCount < whole.byteCount)
        fill(whole, seed: 12)
        _ = part.input.update(fromContentsOf: whole.input)
        let (expected, found) = (Array(try whole.forwardLogits()), Array(try part.forwardLogits()))
        // The two voxels at the centre's edges, not at the patch's, see zeros in place of what lies beyond.
        let inner = (0..<3).map { axis in
            let edge = centre[axis] < input.extent[axis] ? 2 : 0
            return edge..<centre[axis] - edge
        }
        let offset = (0..<3).map { (input.extent[$0] - centre[$0]) / 2 }
        var largest: Float = 0
        for value in 0..<configuration.classes {
            for z in inner[0] {
                for y in inner[1] {
                    for x in inner[2] {
                        let here = found[((value * centre[0] + z) * centre[1] + y) * centre[2] + x]
                        let row = (value * input.depth + z + offset[0]) * input.height + y + offset[1]
                        largest = max(largest, abs(here - expected[row * input.width + x + offset[2]]))
                    }
                }
            }
        }
        #expect(largest < 1e-4)
        #expect(found.contains { abs($0) > 1e-2 })
    }

    @Test(arguments: [UNetConfiguration.Padding.same, .valid], [0, 1.5])
    func `gradients agree with losses of coarser levels`(padding: UNetConfiguration.Padding, dice: Double) throws {
        var configuration = configuration
        configuration.levels = 3
        configuration.deepOutputs = 2
        configuration.padding = padding
        configuration.windows = [[1, 2, 2], [2, 2, 2]]
        let input = configuration.graph.inputShape(covering: Shape(channels: 3, depth: 4, height: 10, width: 8))
        try checkGradient(of: configuration, input: input, dice: dice, deep: 0.7)
        if padding == .same {
            let long = Shape(channels: configuration.channels, depth: 24, height: 16, width: 16)
            try checkGradient(of: configuration, input: long, centre: [8, 16, 16], dice: dice, deep: 0.7)
        }
    }

    @Test func `a coarser level is judged by every label within its voxels`() throws {
        var configuration = configuration
        configuration.deepOutputs = 1
        let network = try network(configuration), engine = try Engine()
        // With its weights 0 the coarser output gives every voxel the softmax of its bias.
        network.parameters["encoder.1.output.weight"]?.update(repeating: 0)
        let bias: [Float] = [0.3, -0.2, 1]
        _ = network.parameters["encoder.1.output.bias"]?.update(fromContentsOf: bias)
        let plain = try TrainingPass(network, input: shape, engine: engine)
        let deep = try TrainingPass(network, input: shape, deep: 0.5, engine: engine)
        for pass in [plain, deep] {
            fill(pass, seed: 2)
            // One plane, a voxel thin.
            for index in pass.labels.indices where index / 48 != 2 { pass.labels[index] = 255 }
        }
        let weights: [Float] = [1, 0.5, 2]
        let expected = plain.labels.filter { $0 != 255 }.reduce(into: (sum: 0.0, weight: 0.0)) { total, label in
            let logarithm = log(bias.reduce(0) { $0 + exp(Double($1)) })
            total.sum += Double(weights[Int(label)]) * (logarithm - Double(bias[Int(label)]))
            total.weight += Double(weights[Int(label)])
        }
        let added = try deep.step(classWeights: weights) - plain.step(classWeights: weights)
        #expect(abs(added - 0.5 * expected.sum / expected.weight) < 1e-5)
        deep.labels.update(repeating: 255)
        #expect(try deep.step(classWeights: weights) == 0)
        #expect(deep.gradients.values.allSatisfy { $0 == 0 })
    }

    private func checkGradient(
        of configuration: UNetConfiguration, input shape: Shape, centre: [Int]? = nil, dice: Double = 0,
        deep: Double = 0
    ) throws {
        let network = try network(configuration)
        var input = shape
        input.batch = 2
        let pass = try TrainingPass(
            network, input: input, centre: centre, dice: dice, deep: deep, engine: try Engine())
        fill(pass, seed: 3)
        let weights: [Float] = [1, 0.5, 2]
        _ = try pass.step(classWeights: weights)
        let gradient = Array(pass.gradients.learned)
        // Along the gradient itself the loss must rise by its squared norm.
        let norm = gradient.reduce(0.0) { $0 + Double($1) * Double($1) }
        let step = 2e-3 / norm.squareRoot()
        func loss(at distance: Double) throws -> Double {
            for index in gradient.indices { network.parameters.learned[index] += Float(distance) * gradient[index] }
            defer {
                for index in gradient.indices { network.parameters.learned[index] -= Float(distance) * gradient[index] }
            }
            return try pass.step(classWeights: weights)
        }
        let slope = (try loss(at: step) - loss(at: -step)) / (2 * step)
        #expect(abs(slope - norm) <= 0.05 * norm)
    }

    @Test(arguments: [UNetConfiguration.Padding.same, .valid])
    func `levels of different kernels and windows are computed alike by either library`(
        padding: UNetConfiguration.Padding
    ) throws {
        var configuration = configuration
        configuration.padding = padding
        configuration.kernels = [[1, 3, 3], [3, 3, 3]]
        configuration.windows = [[1, 2, 2]]
        let network = try network(configuration)
        let input = Shape(channels: 2, depth: 6, height: 20, width: 24)
        let logits = try [ConvolutionKernels.own, .oneDNN].map { kernels in
            let pass = try InferencePass(
                network, input: input, statistics: .current, engine: try Engine(kernels: kernels))
            fill(pass.input, seed: 6)
            return Array(try pass.runLogits())
        }
        #expect(logits[0].count == logits[1].count)
        #expect(zip(logits[0], logits[1]).allSatisfy { abs($0 - $1) < 1e-4 })
        #expect(logits[0].contains { abs($0) > 1e-3 })
    }

    @Test func `a batch of two samples has the loss of both`() throws {
        var configuration = configuration
        configuration.normalization = .none
        let network = try network(configuration), engine = try Engine()
        var double = shape
        double.batch = 2
        let both = try TrainingPass(network, input: double, engine: engine)
        fill(both, seed: 5)
        both.labels.update(repeating: 1)
        let total = try both.step(classWeights: [1, 1, 1])
        let gradient = Array(both.gradients.learned)
        let single = try TrainingPass(network, input: shape, engine: engine)
        single.labels.update(repeating: 1)
        var losses = 0.0, sum = [Float](repeating: 0, count: gradient.count)
        for sample in 0..<2 {
            let part = both.input[sample * shape.count..<(sample + 1) * shape.count]
            _ = single.input.update(fromContentsOf: part)
            losses += try single.step(classWeights: [1, 1, 1])
            for index in sum.indices { sum[index] += single.gradients.learned[index] / 2 }
        }
        #expect(abs(total - losses / 2) < 1e-5)
        #expect(zip(sum, gradient).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    @Test func `inference with current statistics gives the probabilities of the training pass`() throws {
        let network = try network(), engine = try Engine()
        let pass = try TrainingPass(network, input: shape, engine: engine)
        fill(pass, seed: 4)
        let inference = try InferencePass(network, input: shape, statistics: .current, engine: engine)
        _ = inference.input.update(fromContentsOf: pass.input)
        let expected = Array(try pass.forwardLogits())
        let logits = Array(try inference.runLogits())
        #expect(zip(logits, expected).allSatisfy { abs($0 - $1) < 1e-4 })
        try inference.run()
        let voxels = shape.voxels
        for voxel in 0..<voxels {
            let sum = (0..<3).reduce(Float(0)) { $0 + inference.probabilities[$1 * voxels + voxel] }
            #expect(abs(sum - 1) < 1e-5)
        }
    }
}
