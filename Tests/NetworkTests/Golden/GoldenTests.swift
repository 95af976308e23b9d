import Foundation
import Network
import Tensors
import TestSupport
import Testing

/// The network against reference vectors that PyTorch computed in float64 (`Scripts/make_golden.py`).
@Suite(.serialized) struct GoldenTests {
    static let files = ["same_bn", "same_plain", "valid_bn", "valid_deep"]

    /// Norm of the difference over norm of the reference.
    private func error(_ values: some Sequence<Float>, _ reference: [Float]) -> Double {
        var difference = 0.0, norm = 0.0, count = 0
        for (value, expected) in zip(values, reference) {
            difference += pow(Double(value) - Double(expected), 2)
            norm += pow(Double(expected), 2)
            count += 1
        }
        guard count == reference.count else { return .infinity }
        return norm > 0 ? (difference / norm).squareRoot() : difference.squareRoot()
    }

    private func vectors(_ name: String) throws -> SafeTensors {
        try SafeTensors(try Data(contentsOf: TestFiles.golden.appending(path: "\(name).safetensors")))
    }

    private func network(_ golden: SafeTensors, _ prefix: String = "init.") throws -> UNet {
        let network = try UNet(zeros: try UNetConfiguration(metadata: golden.metadata))
        for entry in network.parameters.entries {
            let values = try #require(network.parameters[entry.name])
            _ = values.update(fromContentsOf: try #require(try golden.floats(prefix + entry.name)))
        }
        return network
    }

    private func inputShape(_ golden: SafeTensors) throws -> Shape {
        let sizes = try #require(golden.tensors["input"]).shape
        return Shape(batch: sizes[0], channels: sizes[1], depth: sizes[2], height: sizes[3], width: sizes[4])
    }

    @Test(arguments: files, [ConvolutionKernels.own, .oneDNN])
    func `logits, losses, gradients and updates agree with the reference`(
        name: String, kernels: ConvolutionKernels
    ) throws {
        for instructions in InstructionSet.allCases { try compare(name, instructions, kernels) }
    }

    private func compare(_ name: String, _ instructions: InstructionSet, _ kernels: ConvolutionKernels) throws {
        let golden = try vectors(name)
        let engine = try Engine(instructionSet: instructions, kernels: kernels)

        let evaluated = try network(golden)
        let inference = try InferencePass(
            evaluated, input: try inputShape(golden), statistics: .running, engine: engine)
        let input = try #require(try golden.floats("input"))
        _ = inference.input.update(fromContentsOf: input)
        let evaluation = try inference.runLogits()
        #expect(error(evaluation, try #require(try golden.floats("logits.eval"))) <= 1e-4)

        let network = try network(golden)
        let pass = try TrainingPass(network, input: try inputShape(golden), engine: engine)
        _ = pass.input.update(fromContentsOf: input)
        _ = pass.labels.update(fromContentsOf: try #require(golden.tensors["labels"]).bytes)
        let weights = try #require(try golden.floats("class_weights"))
        let optimizer = MomentumSGD(for: network.parameters, momentum: 0.9, decay: 1e-4, engine: engine)
        let losses = try #require(try golden.floats("losses"))
        for step in losses.indices {
            let loss = try pass.step(classWeights: weights)
            #expect(abs(loss - Double(losses[step])) <= 1e-4 * Double(losses[step]))
            if step == 0 {
                for entry in pass.gradients.entries where entry.offset < pass.gradients.learnedCount {
                    let reference = try #require(try golden.floats("grad." + entry.name))
                    let found = error(try #require(pass.gradients[entry.name]), reference)
                    #expect(found <= 1e-3, "gradient of \(entry.name)")
                }
            }
            try optimizer.update(network.parameters, gradients: pass.gradients, rate: 0.05)
            guard step == 0 || step == 2 else { continue }
            for entry in network.parameters.entries {
                let reference = try #require(try golden.floats("after\(step + 1)." + entry.name))
                let found = error(try #require(network.parameters[entry.name]), reference)
                #expect(found <= 1e-3, "\(entry.name) after \(step + 1) steps")
            }
        }
    }

    /// Of so small a network, with one slice of labels on each axis, rounding changes the gradients by a twelfth.
    ///
    /// By how much was computed with NumPy in float64, from the same vectors and with the same rounding.
    @Test func `with activations rounded to 16 bits, gradients differ from the reference as they must`() throws {
        let golden = try vectors("same_bn")
        for instructions in InstructionSet.allCases {
            let pass = try TrainingPass(
                try network(golden), input: try inputShape(golden), roundsActivations: true,
                engine: try Engine(instructionSet: instructions))
            _ = pass.input.update(fromContentsOf: try #require(try golden.floats("input")))
            _ = pass.labels.update(fromContentsOf: try #require(golden.tensors["labels"]).bytes)
            let loss = try pass.step(classWeights: try #require(try golden.floats("class_weights")))
            #expect(abs(loss - 1.063423018) <= 1e-6)
            let gradients = try pass.gradients.entries.filter { $0.offset < pass.gradients.learnedCount }.flatMap {
                try #require(try golden.floats("grad." + $0.name))
            }
            let found = error(pass.gradients.learned, gradients)
            #expect(abs(found - 0.0835083) <= 1e-5, "an error of \(found)")
        }
    }

    @Test(arguments: files) func `training-mode logits agree with the reference`(name: String) throws {
        let golden = try vectors(name)
        let pass = try TrainingPass(
            try network(golden), input: try inputShape(golden), engine: try Engine())
        _ = pass.input.update(fromContentsOf: try #require(try golden.floats("input")))
        let logits = try pass.forwardLogits()
        #expect(error(logits, try #require(try golden.floats("logits.train"))) <= 1e-4)
    }
}
