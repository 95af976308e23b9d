import Tensors
import TestSupport
import Testing

/// An up-convolution and a convolution over its result and another tensor.
struct MergingCase: CustomTestStringConvertible, Sendable {
    var channels: Int
    var other: Int
    var outputs: Int
    var extent: [Int]
    var window = [2, 2, 2]
    var kernel = [3, 3, 3]

    var testDescription: String { "\(channels)+\(other)→\(outputs) at \(extent), window \(window), kernel \(kernel)" }

    var upsampling: ConvolutionShape {
        ConvolutionShape(
            upsampling: Shape(batch: 1, channels: channels, depth: extent[0], height: extent[1], width: extent[2]),
            outputs: channels, kernel: window)
    }

    var convolution: ConvolutionShape {
        let up = upsampling.destination
        return ConvolutionShape(
            sources: [up, up.with(channels: other)], outputs: outputs, kernel: kernel, padding: kernel.map { $0 / 2 })
    }
}

@Suite(.serialized) struct UpsamplingFusionTests {
    static let cases = [
        MergingCase(channels: 32, other: 16, outputs: 16, extent: [4, 4, 8]),
        MergingCase(channels: 5, other: 3, outputs: 7, extent: [3, 2, 5]),
        MergingCase(channels: 20, other: 40, outputs: 33, extent: [5, 3, 6], window: [1, 2, 2]),
        MergingCase(channels: 16, other: 8, outputs: 8, extent: [3, 6, 5], window: [1, 2, 2], kernel: [1, 3, 3]),
        MergingCase(channels: 3, other: 2, outputs: 1, extent: [1, 1, 1]),
    ]

    @Test(arguments: cases, InstructionSet.allCases)
    func `merged, both give what they give one after the other`(
        example: MergingCase, set: InstructionSet
    ) throws {
        var generator = SeededGenerator(seed: 1)
        func values(_ count: Int) -> [Float] { generator.floats(count, in: -1...1) }
        let up = example.upsampling, convolution = example.convolution
        let upWeights = values(up.weightCount), weights = values(convolution.weightCount)
        let source = values(up.sources[0].count), other = values(convolution.sources[1].count)
        let gradient = values(convolution.destination.count)
        func passes(_ kernels: ConvolutionKernels) throws -> [[Float]] {
            let engine = try Engine(threads: 2, instructionSet: set, kernels: kernels)
            return try UpsamplingFusionRun(up, convolution, engine: engine).passes(
                source: source, other: other, upWeights: upWeights, weights: weights, gradient: gradient)
        }
        for (fused, apart) in zip(try passes(.own), try passes(.oneDNN)) {
            let difference = zip(fused, apart).reduce(0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
            let norm = apart.reduce(0) { $0 + Double($1) * Double($1) }
            #expect(difference.squareRoot() <= 1e-5 * norm.squareRoot())
        }
    }

    @Test func `merging is left where multiplying the weights costs more than it saves`() throws {
        let engine = try Engine()
        let deep = MergingCase(channels: 256, other: 128, outputs: 128, extent: [8, 8, 8])
        #expect(UpsamplingFusion(deep.upsampling, then: deep.convolution, inTraining: true, engine: engine) == nil)
        let shallow = MergingCase(channels: 64, other: 32, outputs: 32, extent: [32, 32, 32])
        #expect(
            UpsamplingFusion(shallow.upsampling, then: shallow.convolution, inTraining: true, engine: engine) != nil)
    }
}
