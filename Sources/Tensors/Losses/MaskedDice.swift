internal import CKernels

/// One minus the mean soft Dice of the classes over the labelled voxels of a batch, added to a cross-entropy.
///
/// See `DiceSums`. Classes without a label in the batch, and voxels without a label or of weight 0, do not count.
package final class MaskedDice: Operation {
    package var kind: String { "soft Dice" }
    package let buffers: [Buffer]
    /// The loss of the last run: the cross-entropy plus `weight` times the soft Dice loss.
    package private(set) var loss = 0.0
    private let entropy: CrossEntropy
    private let logits: Tensor
    private let labels: LabelBuffer
    private let weights: UnsafeMutablePointer<Float>
    private let weight: Double
    /// Class probabilities of the labelled voxels, kept for the gradient.
    private let probabilities: UnsafeMutablePointer<Float>
    private let sums: Accumulator
    private let engine: Engine

    /// `weights` has one value for each class; `weight` is that of the soft Dice loss.
    package init(
        _ logits: Tensor, labels: LabelBuffer, classWeights weights: UnsafeMutablePointer<Float>, weight: Double,
        engine: Engine
    ) {
        entropy = CrossEntropy(logits, labels: labels, classWeights: weights, engine: engine)
        self.logits = logits
        self.labels = labels
        self.weights = weights
        self.weight = weight
        self.engine = engine
        probabilities = .allocate(capacity: labels.count * logits.shape.channels)
        sums = Accumulator(count: 3 * logits.shape.channels, engine: engine)
        buffers = entropy.buffers
    }

    deinit { probabilities.deallocate() }

    package func run() {
        let slopes = measure()
        entropy.run()
        add(slopes)
        loss = entropy.loss + weight * slopes.loss
    }

    /// Computes and sums the probabilities of the labelled voxels.
    private func measure() -> DiceSums.Slopes {
        let classes = logits.shape.channels, voxels = logits.shape.voxels
        sums.clear()
        for sample in 0..<logits.shape.batch {
            engine.layers.dice_sums(
                logits.sample(sample), CInt(classes), voxels, labels.values + sample * voxels, weights,
                probabilities + sample * voxels * classes, sums.totals, sums.partial, engine.team)
        }
        return DiceSums(sums.totals, classes: classes).slopes
    }

    /// Adds the loss's gradient to that of the logits.
    private func add(_ slopes: DiceSums.Slopes) {
        let classes = logits.shape.channels, voxels = logits.shape.voxels
        for sample in 0..<logits.shape.batch {
            engine.layers.dice_backward(
                logits.sample(sample), CInt(classes), voxels, labels.values + sample * voxels, weights,
                probabilities + sample * voxels * classes, slopes.same, slopes.other, Float(weight), engine.team)
        }
    }
}
