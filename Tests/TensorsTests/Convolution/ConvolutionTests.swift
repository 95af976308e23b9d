import Tensors
import TestSupport
import Testing

/// One convolution by one kind of kernels, with everything it needs, on random values.
struct ConvolutionCase: CustomTestStringConvertible, Sendable {
    var channels: [Int]
    var outputs: Int
    var extent: [Int]
    var kernel = [3, 3, 3]
    var padding = 1

    var testDescription: String { "\(channels)→\(outputs) at \(extent), kernel \(kernel), padding \(padding)" }

    var shape: ConvolutionShape {
        ConvolutionShape(
            sources: channels.map {
                Shape(batch: 2, channels: $0, depth: extent[0], height: extent[1], width: extent[2])
            },
            outputs: outputs, kernel: kernel, padding: kernel.map { $0 == 1 ? 0 : padding })
    }
}

@Suite(.serialized) struct ConvolutionTests {
    static let cases = [
        ConvolutionCase(channels: [16], outputs: 32, extent: [8, 8, 8]),
        ConvolutionCase(channels: [5], outputs: 7, extent: [3, 9, 6]),
        ConvolutionCase(channels: [1], outputs: 3, extent: [6, 5, 7]),
        ConvolutionCase(channels: [3], outputs: 16, extent: [1, 8, 8]),
        ConvolutionCase(channels: [40], outputs: 24, extent: [5, 6, 7], padding: 0),
        ConvolutionCase(channels: [32, 16], outputs: 16, extent: [8, 4, 12]),
        ConvolutionCase(channels: [6, 10], outputs: 20, extent: [7, 6, 5], padding: 0),
        ConvolutionCase(channels: [16, 16], outputs: 33, extent: [4, 9, 10], kernel: [1, 3, 3]),
        ConvolutionCase(channels: [2], outputs: 4, extent: [1, 3, 3], kernel: [1, 3, 3]),
    ]

    /// Forward result, gradients at sources, gradient of weights, by plain loops in double precision.
    private func reference(_ shape: ConvolutionShape, _ sources: [[Float]], _ weights: [Float], _ gradient: [Float])
        -> (forward: [Double], sources: [[Double]], weights: [Double])
    {
        let to = shape.destination, from = shape.sources[0], taps = shape.kernel.reduce(1, *)
        var forward = [Double](repeating: 0, count: to.count),
            back = sources.map { [Double](repeating: 0, count: $0.count) }
        var weightGradient = [Double](repeating: 0, count: weights.count)
        for n in 0..<to.batch {
            for out in 0..<to.channels {
                for z in 0..<to.depth {
                    for y in 0..<to.height {
                        for x in 0..<to.width {
                            let target = (((n * to.channels + out) * to.depth + z) * to.height + y) * to.width + x
                            var input = 0
                            for (index, source) in shape.sources.enumerated() {
                                for channel in 0..<source.channels {
                                    for tap in 0..<taps {
                                        let dz = z + tap / (shape.kernel[1] * shape.kernel[2]) - shape.padding[0]
                                        let dy = y + tap / shape.kernel[2] % shape.kernel[1] - shape.padding[1]
                                        let dx = x + tap % shape.kernel[2] - shape.padding[2]
                                        guard 0..<from.depth ~= dz, 0..<from.height ~= dy, 0..<from.width ~= dx else {
                                            continue
                                        }
                                        let at =
                                            (((n * source.channels + channel) * from.depth + dz) * from.height + dy)
                                            * from.width + dx
                                        let weight = (out * shape.inputs + input + channel) * taps + tap
                                        forward[target] += Double(weights[weight]) * Double(sources[index][at])
                                        back[index][at] += Double(weights[weight]) * Double(gradient[target])
                                        weightGradient[weight] += Double(sources[index][at]) * Double(gradient[target])
                                    }
                                }
                                input += source.channels
                            }
                        }
                    }
                }
            }
        }
        return (forward, back, weightGradient)
    }

    private func error(_ values: [Float], _ reference: [Double]) -> Double {
        var difference = 0.0, norm = 0.0
        for (value, expected) in zip(values, reference) {
            difference += (Double(value) - expected) * (Double(value) - expected)
            norm += expected * expected
        }
        return values.count == reference.count ? (difference / max(norm, 1e-30)).squareRoot() : .infinity
    }

    @Test(arguments: cases, [1, 1e4, 1e-4])
    func `every pass of every kernel agrees with double precision`(example: ConvolutionCase, magnitude: Float) throws {
        let shape = example.shape
        var generator = SeededGenerator(seed: 1)
        var values = shape.sources.map { generator.floats($0.count, in: -1...2).map { magnitude * $0 } }
        if magnitude > 1 { values[0][0] = 1e6 }
        let weights = generator.floats(shape.weightCount, in: -0.3...0.3)
        let gradient = generator.floats(shape.destination.count, in: -1...1)
        let expected = reference(shape, values, weights, gradient)
        for instructions in InstructionSet.allCases {
            for kernels in [ConvolutionKernels.own, .oneDNN] {
                let engine = try Engine(threads: 2, instructionSet: instructions, kernels: kernels)
                let run = try ConvolutionRun(shape, engine: engine)
                let found = try run.passes(sources: values, weights: weights, gradient: gradient)
                #expect(error(found.forward, expected.forward) <= 1e-4, "forward, \(instructions), \(kernels)")
                for index in values.indices {
                    #expect(
                        error(found.sources[index], expected.sources[index]) <= 1e-4,
                        "data, \(instructions), \(kernels)")
                }
                #expect(error(found.weights, expected.weights) <= 1e-4, "weights, \(instructions), \(kernels)")
            }
        }
    }
}
