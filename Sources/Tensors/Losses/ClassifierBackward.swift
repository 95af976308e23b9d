internal import CKernels

/// The gradients of the last layer's features, weights and bias.
package final class ClassifierBackward: Operation {
    package var kind: String { "classifier backward" }
    package let buffers: [Buffer]
    private let features: ConvolutionInput
    private let gradient: Tensor
    private let labels: LabelBuffer
    private let weights: UnsafeMutablePointer<Float>
    private let result: Tensor
    private let weightGradient: WeightLocation
    private let biasGradient: WeightLocation
    private let padded: Buffer
    private let sums: Accumulator
    private let engine: Engine

    /// `gradient` is that of the logits; `result` and the gradients of weights and bias are overwritten.
    package init(
        _ features: ConvolutionInput, gradient: Tensor, labels: LabelBuffer, weights: UnsafeMutablePointer<Float>,
        into result: Tensor, weightGradient: WeightLocation, biasGradient: WeightLocation,
        arena: Arena, engine: Engine
    ) {
        self.features = features
        self.gradient = gradient
        self.labels = labels
        self.weights = weights
        self.result = result
        self.weightGradient = weightGradient
        self.biasGradient = biasGradient
        self.engine = engine
        let columns = engine.padded(features.shape.channels)
        padded = arena.reserve(gradient.shape.channels * columns)
        sums = Accumulator(count: gradient.shape.channels * (columns + 1), engine: engine)
        buffers =
            features.buffers + [gradient.buffer, result.buffer, padded] + weightGradient.buffers + biasGradient.buffers
    }

    package func run() {
        let channels = features.shape.channels, classes = gradient.shape.channels, voxels = features.shape.voxels
        pad(weights, rows: classes, columns: channels, into: padded, engine: engine)
        let (weightGradient, biasGradient) = (weightGradient.values, biasGradient.values)
        weightGradient.update(repeating: 0, count: classes * channels)
        biasGradient.update(repeating: 0, count: classes)
        for sample in 0..<features.shape.batch {
            engine.layers.output_backward(
                features.tensor.kept(sample), features.scale(sample), features.shift(sample), CInt(channels), voxels,
                padded.values, CInt(classes),
                gradient.sample(sample), labels.values + sample * voxels, result.sample(sample), weightGradient,
                biasGradient, sums.partial, engine.team)
        }
    }
}
