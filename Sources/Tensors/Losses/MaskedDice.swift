internal import Foundation

/// One minus the mean soft Dice of the classes over the labelled voxels of a batch, added to a cross-entropy.
///
/// See `DiceSums`. Classes that no label of the batch names, and voxels without a label or of weight 0, do not count.
/// Runs on one thread, as few voxels are labelled.
package final class MaskedDice: Operation {
    package var kind: String { "soft Dice" }
    package let buffers: [Buffer]
    /// Of the last run: that of the cross-entropy and `weight` times this one's.
    package private(set) var loss = 0.0
    private let entropy: CrossEntropy
    private let logits: Tensor
    private let labels: LabelBuffer
    private let weights: UnsafeMutablePointer<Float>
    private let weight: Double
    /// Class probabilities of each labelled voxel, in order.
    private let probabilities: UnsafeMutablePointer<Float>
    private let engine: Engine

    /// `weights` has one value for each class; `weight` is this loss's own.
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
        buffers = entropy.buffers
    }

    deinit { probabilities.deallocate() }

    package func run() {
        let slopes = measure()
        entropy.run()
        add(slopes)
        loss = entropy.loss + weight * slopes.loss
    }

    private func counts(_ label: UInt8) -> Bool {
        Int(label) < logits.shape.channels && weights[Int(label)] > 0
    }

    /// Takes the probabilities of the labelled voxels and sums them up.
    private func measure() -> DiceSums.Slopes {
        let classes = logits.shape.channels, voxels = logits.shape.voxels
        var sums = DiceSums(classes: classes)
        var place = 0
        for index in 0..<labels.count where counts(labels.values[index]) {
            let (sample, voxel) = index.quotientAndRemainder(dividingBy: voxels)
            let values = logits.sample(sample) + voxel
            let p = probabilities + place
            var highest = values[0]
            for value in 1..<max(classes, 1) { highest = max(highest, values[value * voxels]) }
            var sum: Float = 0
            for value in 0..<classes {
                p[value] = exp(values[value * voxels] - highest)
                sum += p[value]
            }
            for value in 0..<classes {
                p[value] /= sum
                sums.predicted[value] += Double(p[value])
            }
            let label = Int(labels.values[index])
            sums.overlap[label] += Double(p[label])
            sums.labelled[label] += 1
            place += classes
        }
        return sums.slopes
    }

    /// Adds the gradient at the logits: p·(slope − Σ p·slope).
    private func add(_ slopes: DiceSums.Slopes) {
        let classes = logits.shape.channels, voxels = logits.shape.voxels
        let scale = Float(weight)
        var place = 0
        for index in 0..<labels.count where counts(labels.values[index]) {
            let (sample, voxel) = index.quotientAndRemainder(dividingBy: voxels)
            let values = logits.sample(sample) + voxel
            let p = probabilities + place
            let label = Int(labels.values[index])
            var mean: Float = 0
            for value in 0..<classes {
                mean += p[value] * (value == label ? slopes.same[value] : slopes.other[value])
            }
            for value in 0..<classes {
                let slope = value == label ? slopes.same[value] : slopes.other[value]
                values[value * voxels] += scale * p[value] * (slope - mean)
            }
            place += classes
        }
    }
}
