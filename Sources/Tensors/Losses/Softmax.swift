internal import CKernels

/// Turns logits into probabilities, in place.
package final class Softmax: Operation {
    package var kind: String { "softmax" }
    package let buffers: [Buffer]
    private let logits: Tensor
    private let engine: Engine

    package init(_ logits: Tensor, engine: Engine) {
        self.logits = logits
        self.engine = engine
        buffers = [logits.buffer]
    }

    package func run() {
        for sample in 0..<logits.shape.batch {
            engine.layers.softmax(
                logits.sample(sample), CInt(logits.shape.channels), logits.shape.voxels, engine.team)
        }
    }
}
