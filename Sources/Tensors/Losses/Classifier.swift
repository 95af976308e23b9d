internal import CKernels

/// The last layer: a 1×1×1 convolution from blocked features to plain logits; normalisation and ReLU are applied to the
/// features as they are read.
package final class Classifier: Operation {
    package var kind: String { "classifier" }
    package let buffers: [Buffer]
    private let features: ConvolutionInput
    private let logits: Tensor
    private let weights: UnsafeMutablePointer<Float>
    private let bias: UnsafeMutablePointer<Float>
    private let padded: Buffer
    private let engine: Engine

    /// `weights` is classes × channels.
    package init(
        _ features: ConvolutionInput, weights: UnsafeMutablePointer<Float>, bias: UnsafeMutablePointer<Float>,
        into logits: Tensor, arena: Arena, engine: Engine
    ) {
        self.features = features
        self.logits = logits
        self.weights = weights
        self.bias = bias
        self.engine = engine
        padded = arena.reserve(logits.shape.channels * engine.padded(features.shape.channels))
        buffers = features.buffers + [logits.buffer, padded]
    }

    package func run() {
        pad(weights, rows: logits.shape.channels, columns: features.shape.channels, into: padded, engine: engine)
        for sample in 0..<features.shape.batch {
            engine.layers.output(
                features.tensor.kept(sample), features.scale(sample), features.shift(sample),
                CInt(features.shape.channels), features.shape.voxels, padded.values, bias,
                CInt(logits.shape.channels), logits.sample(sample), engine.team)
        }
    }
}

/// Copies a matrix into rows padded with zeros to whole blocks.
func pad(_ matrix: UnsafeMutablePointer<Float>, rows: Int, columns: Int, into padded: Buffer, engine: Engine) {
    let width = engine.padded(columns)
    padded.values.update(repeating: 0, count: rows * width)
    for row in 0..<rows { (padded.values + row * width).update(from: matrix + row * columns, count: columns) }
}
