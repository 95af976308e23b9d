extension UNetConfiguration {
    /// How many learned values a network has.
    package var parameterCount: Int { tensors.learned.reduce(0) { $0 + $1.shape.reduce(1, *) } }

    /// Names and shapes of all tensors, learned ones and running statistics; the names are those of weights files.
    var tensors: (learned: [(name: String, shape: [Int])], running: [(name: String, shape: [Int])]) {
        var learned: [(name: String, shape: [Int])] = []
        var running: [(name: String, shape: [Int])] = []

        func convolution(_ path: String, _ level: Int, _ index: Int, _ inputs: Int, _ outputs: Int) {
            let path = "\(path).\(level)"
            learned.append(("\(path).conv\(index).weight", [outputs, inputs] + kernel(level)))
            guard normalization != .none else {
                learned.append(("\(path).conv\(index).bias", [outputs]))
                return
            }
            learned.append(("\(path).norm\(index).weight", [outputs]))
            learned.append(("\(path).norm\(index).bias", [outputs]))
            running.append(("\(path).norm\(index).running_mean", [outputs]))
            running.append(("\(path).norm\(index).running_var", [outputs]))
        }

        var inputs = channels
        for level in 0..<levels {
            let (first, second) = encoderChannels(level)
            convolution("encoder", level, 0, inputs, first)
            convolution("encoder", level, 1, first, second)
            inputs = second
        }
        for level in (0..<levels - 1).reversed() {
            let outputs = decoderChannels(level), skipped = encoderChannels(level).second
            learned.append(("decoder.\(level).up.weight", [inputs, inputs] + window(level)))
            convolution("decoder", level, 0, inputs + skipped, outputs)
            convolution("decoder", level, 1, outputs, outputs)
            inputs = outputs
        }
        learned.append(("output.weight", [classes, inputs, 1, 1, 1]))
        learned.append(("output.bias", [classes]))
        for level in 0..<levels where hasDeepOutput(level) {
            learned.append((deepOutput(level) + ".weight", [classes, decoderChannels(level), 1, 1, 1]))
            learned.append((deepOutput(level) + ".bias", [classes]))
        }
        return (learned, running)
    }
}
