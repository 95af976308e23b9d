import Foundation
import Network
import TestSupport

/// A network of pytorch-3dunet with random weights, and what its layers give.
///
/// Batch norm if `isNormal`; the numbers of features per level begin with `features` and double.
struct ForeignNet {
    var levels = 3
    var features = 4
    var outputs = 2
    var isNormal = true
    var kernel = [3, 3, 3]
    var window = [2, 2, 2]
    var isPlanar = false

    private func path(_ block: String, _ number: Int, _ convolution: Int) -> String {
        "\(block).\(number).basic_module.SingleConv\(convolution)"
    }

    /// The convolutions: where they are, their inputs and outputs.
    private var convolutions: [(path: String, inputs: Int, outputs: Int)] {
        var all: [(String, Int, Int)] = []
        for level in 0..<levels {
            let out = features << level, before = level > 0 ? features << (level - 1) : 1
            all.append((path("encoders", level, 1), before, out / 2))
            all.append((path("encoders", level, 2), out / 2, out))
        }
        for number in 0..<levels - 1 {
            let level = levels - 2 - number, out = features << level
            all.append((path("decoders", number, 1), out + 2 * out, out))
            all.append((path("decoders", number, 2), out, out))
        }
        return all
    }

    /// A state dict of it.
    func tensors() -> SafeTensors {
        var generator = SeededGenerator(seed: 11)
        var file = SafeTensors()
        func add(_ name: String, _ shape: [Int], _ range: ClosedRange<Float>) {
            let values = generator.floats(shape.reduce(1, *), in: range)
            values.withUnsafeBufferPointer { file.set(name, shape: shape, $0) }
        }
        let sizes = isPlanar ? Array(kernel.dropFirst()) : kernel
        for (path, inputs, outputs) in convolutions {
            add("\(path).conv.weight", [outputs, inputs] + sizes, -0.4...0.4)
            guard isNormal else {
                add("\(path).conv.bias", [outputs], -0.5...0.5)
                continue
            }
            for name in ["weight", "running_var"] { add("\(path).batchnorm.\(name)", [outputs], 0.5...2) }
            for name in ["bias", "running_mean"] { add("\(path).batchnorm.\(name)", [outputs], -0.5...0.5) }
            add("\(path).batchnorm.num_batches_tracked", [], 0...1)
        }
        add("final_conv.weight", [outputs, features] + sizes.map { _ in 1 }, -1...1)
        add("final_conv.bias", [outputs], -1...1)
        return file
    }

    /// The outputs before the last activation.
    func result(_ file: SafeTensors, of image: Feature) throws -> Feature {
        func layer(_ path: String, _ input: Feature) throws -> Feature {
            let weights = try file.floats("\(path).conv.weight") ?? []
            let count = weights.count / (input.channels * kernel.reduce(1, *))
            let sum = input.convolved(
                weights, try file.floats("\(path).conv.bias"), outputs: count, kernel: kernel)
            guard isNormal else { return sum.rectified }
            func tensor(_ name: String) throws -> [Float] { try file.floats("\(path).batchnorm.\(name)") ?? [] }
            let factors = zip(try tensor("weight"), try tensor("running_var")).map { $0 / ($1 + 1e-5).squareRoot() }
            let means = try tensor("running_mean")
            let offsets = try tensor("bias").enumerated().map { $1 - means[$0] * factors[$0] }
            return sum.scaled(factors, offsets).rectified
        }
        func block(_ name: String, _ number: Int, _ input: Feature) throws -> Feature {
            try layer(path(name, number, 2), try layer(path(name, number, 1), input))
        }
        var skips: [Feature] = [], feature = image
        for level in 0..<levels {
            feature = try block("encoders", level, level > 0 ? feature.pooled(window) : feature)
            skips.append(feature)
        }
        for number in 0..<levels - 1 {
            feature = try block("decoders", number, skips[levels - 2 - number].joined(feature.repeated(window)))
        }
        return feature.convolved(
            try file.floats("final_conv.weight") ?? [], try file.floats("final_conv.bias"), outputs: outputs,
            kernel: [1, 1, 1])
    }
}
