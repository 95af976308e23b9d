internal import CKernels

/// The loss of a coarser level's features with an output layer of their own, and its gradients: deep supervision.
///
/// After Lee et al. 2015. A voxel of the level is compared with all n labels within it, so that none is lost although
/// annotated slices are one voxel thick: Σ n·w·(−log p) / Σ n·w, and soft Dice (see `DiceSums`). Only voxels that
/// contain labels are computed.
package final class DeepSupervision: Operation {
    package var kind: String { "deep supervision" }
    package let buffers: [Buffer]
    /// The loss of the last run, multiplied by its weight.
    package private(set) var loss = 0.0

    /// The output layer: classes × channels weights, a bias for each class, and the memory for their gradients.
    package struct Output {
        let weights: UnsafePointer<Float>
        let bias: UnsafePointer<Float>
        let weightGradient: WeightLocation
        let biasGradient: WeightLocation

        package init(
            weights: UnsafePointer<Float>, bias: UnsafePointer<Float>, weightGradient: WeightLocation,
            biasGradient: WeightLocation
        ) {
            self.weights = weights
            self.bias = bias
            self.weightGradient = weightGradient
            self.biasGradient = biasGradient
        }
    }

    private let features: ConvolutionInput
    private let labels: LabelBuffer
    /// The N×Z×Y×X grid of the labels, which has the same centre as the features.
    private let grid: Shape
    /// Voxels of that grid per voxel of the features, on each axis.
    private let factors: [Int]
    private let output: Output
    private let classWeights: UnsafePointer<Float>
    private let dice: Double
    private let weight: Double
    private let gradient: Tensor
    private let engine: Engine
    private let classes: Int
    /// The index of each voxel of the features in the lists below, −1 if it contains no label.
    private let places: UnsafeMutablePointer<Int32>
    private let voxels: UnsafeMutablePointer<Int32>
    /// The number of labels of each class, and the class probabilities, for each voxel with labels.
    private let counts: UnsafeMutablePointer<Float>
    private let probabilities: UnsafeMutablePointer<Float>
    /// The weights, padded to whole blocks.
    private let rows: UnsafeMutablePointer<Float>
    private let sums: Accumulator

    /// `classWeights` has one value for each class.
    ///
    /// `dice` is the weight of soft Dice relative to the cross-entropy, `weight` that of both in the whole loss. The
    /// gradient is added to `gradient`, at the features' activation.
    package init(
        _ features: ConvolutionInput, labels: LabelBuffer, on grid: Shape, factors: [Int], output: Output,
        classWeights: UnsafePointer<Float>, dice: Double, weight: Double, addedTo gradient: Tensor, engine: Engine
    ) {
        self.features = features
        self.labels = labels
        self.grid = grid
        self.factors = factors
        self.output = output
        self.classWeights = classWeights
        self.dice = dice
        self.weight = weight
        self.gradient = gradient
        self.engine = engine
        classes = grid.channels
        let count = features.shape.batch * features.shape.voxels
        let padded = classes * engine.padded(features.shape.channels)
        places = .allocate(capacity: count)
        voxels = .allocate(capacity: count)
        counts = .allocate(capacity: count * classes)
        probabilities = .allocate(capacity: count * classes)
        rows = .allocate(capacity: padded)
        rows.initialize(repeating: 0, count: padded)
        sums = Accumulator(count: 2 + 3 * classes, engine: engine)
        buffers =
            features.buffers + [gradient.buffer] + output.weightGradient.buffers + output.biasGradient.buffers
    }

    deinit {
        places.deallocate()
        voxels.deallocate()
        counts.deallocate()
        probabilities.deallocate()
        rows.deallocate()
    }

    package func run() {
        let channels = features.shape.channels
        for value in 0..<classes {
            (rows + value * engine.padded(channels)).update(from: output.weights + value * channels, count: channels)
        }
        var raw = described()
        let listed = engine.layers.deep_list(&raw, engine.team)
        sums.clear()
        engine.layers.deep_sums(&raw, listed, sums.totals, sums.partial, engine.team)
        let entropy = sums.totals[0], total = sums.totals[1]
        let slopes = DiceSums(sums.totals + 2, classes: classes).slopes
        loss = total > 0 ? weight * (entropy / total + dice * slopes.loss) : 0
        raw.inverse = total > 0 ? Float(1 / total) : 0
        slopes.same.withUnsafeBufferPointer { same in
            slopes.other.withUnsafeBufferPointer { other in
                raw.same = same.baseAddress
                raw.other = other.baseAddress
                engine.layers.deep_backward(&raw, listed, engine.team)
            }
        }
    }

    /// The operation as the kernels take it.
    private func described() -> ck_deep_supervision {
        let scaleShift = features.scaleShift
        return ck_deep_supervision(
            samples: CInt(features.shape.batch), classes: CInt(classes), channels: CInt(features.shape.channels),
            extent: ck_extent(features.shape), label_extent: ck_extent(grid), factors: ck_extent(factors),
            labels: labels.values, class_weights: classWeights, features: features.tensor.kept(0),
            scale: features.scale(0), shift: features.shift(0), features_gradient: gradient.sample(0),
            features_stride: features.tensor.stride, scale_stride: scaleShift.map { $0.offset(of: 1) } ?? 0,
            weights: rows, bias: output.bias, weights_gradient: output.weightGradient.values,
            bias_gradient: output.biasGradient.values,
            places: places, voxels: voxels, counts: counts, probabilities: probabilities, inverse: 0,
            weight: Float(weight), dice: Float(dice), same: nil, other: nil)
    }
}
