internal import CKernels

/// Weighted softmax cross-entropy over the labelled voxels: Σ w·(−log p) / Σ w; the logits become its gradient.
///
/// Without labels the loss and the gradient are 0.
package final class CrossEntropy: Operation {
    package var kind: String { "cross-entropy" }
    package let buffers: [Buffer]
    /// The loss of the last run.
    package private(set) var loss = 0.0
    private let logits: Tensor
    private let labels: LabelBuffer
    private let weights: UnsafeMutablePointer<Float>
    private let sums: Accumulator
    private let engine: Engine

    /// `weights` has one value for each class.
    package init(
        _ logits: Tensor, labels: LabelBuffer, classWeights weights: UnsafeMutablePointer<Float>, engine: Engine
    ) {
        self.logits = logits
        self.labels = labels
        self.weights = weights
        self.engine = engine
        sums = Accumulator(count: 1, engine: engine)
        buffers = [logits.buffer]
    }

    package func run() {
        let classes = logits.shape.channels, voxels = logits.shape.voxels
        var total = 0.0
        for index in 0..<labels.count where Int(labels.values[index]) < classes {
            total += Double(weights[Int(labels.values[index])])
        }
        let inverse = total > 0 ? 1 / total : 0
        var sum = 0.0
        for sample in 0..<logits.shape.batch {
            sum += engine.layers.cross_entropy(
                logits.sample(sample), CInt(classes), voxels, labels.values + sample * voxels, weights,
                Float(inverse), sums.partial, engine.team)
        }
        loss = sum * inverse
    }
}
