import Tensors
import TestSupport
import Testing

/// An up-convolution of two samples.
struct UpsamplingCase: CustomTestStringConvertible, Sendable {
    var channels: Int
    var outputs: Int
    var extent: [Int]
    var window = [2, 2, 2]

    var testDescription: String { "\(channels)→\(outputs) at \(extent), window \(window)" }

    var shape: ConvolutionShape {
        ConvolutionShape(
            upsampling: Shape(batch: 2, channels: channels, depth: extent[0], height: extent[1], width: extent[2]),
            outputs: outputs, kernel: window)
    }
}

@Suite(.serialized) struct UpsamplingTests {
    static let cases = [
        UpsamplingCase(channels: 32, outputs: 32, extent: [4, 4, 8]),
        UpsamplingCase(channels: 16, outputs: 48, extent: [3, 5, 33], window: [1, 2, 2]),
        UpsamplingCase(channels: 5, outputs: 7, extent: [3, 2, 15]),
        UpsamplingCase(channels: 1, outputs: 1, extent: [1, 1, 1]),
        UpsamplingCase(channels: 40, outputs: 24, extent: [5, 1, 3], window: [1, 2, 2]),
        UpsamplingCase(channels: 3, outputs: 50, extent: [1, 70, 2]),
        // Gradients so large that they are split by outputs.
        UpsamplingCase(channels: 200, outputs: 170, extent: [2, 3, 5]),
    ]

    /// Forward result, gradients at the source and of the weights, by plain loops in double precision.
    private func reference(_ shape: ConvolutionShape, _ source: [Float], _ weights: [Float], _ gradient: [Float])
        -> (forward: [Double], source: [Double], weights: [Double])
    {
        let from = shape.sources[0], to = shape.destination, taps = shape.kernel.reduce(1, *)
        var forward = [Double](repeating: 0, count: to.count), back = [Double](repeating: 0, count: from.count)
        var change = [Double](repeating: 0, count: weights.count)
        for voxel in 0..<from.voxels {
            let z = voxel / from.width / from.height, y = voxel / from.width % from.height, x = voxel % from.width
            for tap in 0..<taps {
                let up = (z * shape.kernel[0] + tap / 4, 2 * y + tap / 2 % 2, 2 * x + tap % 2)
                let painted = (up.0 * to.height + up.1) * to.width + up.2
                for n in 0..<to.batch {
                    for input in 0..<from.channels {
                        let at = (n * from.channels + input) * from.voxels + voxel, value = max(0, Double(source[at]))
                        for output in 0..<to.channels {
                            let target = (n * to.channels + output) * to.voxels + painted
                            let weight = (input * to.channels + output) * taps + tap
                            forward[target] += Double(weights[weight]) * value
                            back[at] += Double(weights[weight]) * Double(gradient[target])
                            change[weight] += value * Double(gradient[target])
                        }
                    }
                }
            }
        }
        return (forward, back, change)
    }

    private func error(_ values: [Float], _ reference: [Double]) -> Double {
        var difference = 0.0, norm = 0.0
        for (value, expected) in zip(values, reference) {
            difference += (Double(value) - expected) * (Double(value) - expected)
            norm += expected * expected
        }
        return values.count == reference.count ? (difference / max(norm, 1e-30)).squareRoot() : .infinity
    }

    @Test(arguments: cases, [1, 3])
    func `every pass of every up-convolution agrees with double precision`(
        example: UpsamplingCase, threads: Int
    ) throws {
        let shape = example.shape
        var generator = SeededGenerator(seed: 1)
        let source = generator.floats(shape.sources[0].count, in: -1...2)
        let weights = generator.floats(shape.weightCount, in: -0.3...0.3)
        let gradient = generator.floats(shape.destination.count, in: -1...1)
        let expected = reference(shape, source, weights, gradient)
        for instructions in InstructionSet.allCases {
            for kernels in [ConvolutionKernels.own, .oneDNN] {
                let engine = try Engine(threads: threads, instructionSet: instructions, kernels: kernels)
                let run = UpsamplingRun(shape, engine: engine)
                let found = try run.passes(source: source, weights: weights, gradient: gradient)
                #expect(error(found.forward, expected.forward) <= 1e-4, "forward, \(instructions), \(kernels)")
                #expect(error(found.source, expected.source) <= 1e-4, "data, \(instructions), \(kernels)")
                #expect(error(found.weights, expected.weights) <= 1e-4, "weights, \(instructions), \(kernels)")
            }
        }
    }

    @Test func `a run gives the same bits again`() throws {
        let shape = Self.cases[0].shape
        var generator = SeededGenerator(seed: 1)
        let source = generator.floats(shape.sources[0].count, in: -1...2)
        let weights = generator.floats(shape.weightCount, in: -0.3...0.3)
        let gradient = generator.floats(shape.destination.count, in: -1...1)
        let engine = try Engine(threads: 2, kernels: .own)
        let runs = try (0..<2).map { _ in
            try UpsamplingRun(shape, engine: engine).passes(source: source, weights: weights, gradient: gradient)
        }
        #expect(runs[0] == runs[1])
    }
}
