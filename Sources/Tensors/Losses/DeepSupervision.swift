internal import Foundation

/// The loss of a coarser level's features under an output layer of their own, and its gradients: deep supervision.
///
/// After Lee et al. 2015. A voxel of the level is judged by all labels within it, each counted, so that none is lost where
/// annotated slices are a voxel thin: Σ n·w·(−log p) / Σ n·w, and soft Dice (see `DiceSums`). Works on the voxels
/// that hold labels alone, and on one thread, as these are few.
package final class DeepSupervision: Operation {
    package var kind: String { "deep supervision" }
    package let buffers: [Buffer]
    /// Of the last run, with its weight.
    package private(set) var loss = 0.0

    /// The output layer: classes × channels weights, a bias for each class, and where their gradients go.
    package struct Output {
        let weights: UnsafePointer<Float>
        let bias: UnsafePointer<Float>
        let weightGradient: UnsafeMutablePointer<Float>
        let biasGradient: UnsafeMutablePointer<Float>

        package init(
            weights: UnsafePointer<Float>, bias: UnsafePointer<Float>, weightGradient: UnsafeMutablePointer<Float>,
            biasGradient: UnsafeMutablePointer<Float>
        ) {
            self.weights = weights
            self.bias = bias
            self.weightGradient = weightGradient
            self.biasGradient = biasGradient
        }
    }

    private typealias Lanes = SIMD8<Float>

    private let features: ConvolutionInput
    private let labels: LabelBuffer
    /// N×Z×Y×X that the labels lie on, about the same centre as the features.
    private let grid: Shape
    /// Voxels of that grid to one of the features, on each axis.
    private let factors: [Int]
    private let output: Output
    private let classWeights: UnsafePointer<Float>
    private let dice: Double
    private let weight: Double
    private let gradient: Tensor
    private let engine: Engine
    private let classes: Int
    /// Vectors of channels, padding included.
    private let vectors: Int
    /// The place of each of the features' voxels in the lists below, −1 where it holds no label.
    private let places: UnsafeMutablePointer<Int32>
    private let voxels: UnsafeMutablePointer<Int32>
    /// Labels of each class, and their probabilities, for each voxel with labels.
    private let counts: UnsafeMutablePointer<Float>
    private let probabilities: UnsafeMutablePointer<Float>
    /// The activation of one voxel; weights and their gradients, padded to whole vectors.
    private let activation: UnsafeMutablePointer<Lanes>
    private let rows: UnsafeMutablePointer<Lanes>
    private let rowGradients: UnsafeMutablePointer<Lanes>
    private var listed = 0

    /// `classWeights` has one value for each class.
    ///
    /// `dice` is the weight of soft Dice beside the cross-entropy, `weight` that of both in the whole loss. What comes out
    /// is added to `gradient`, at the features' activation.
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
        vectors = engine.padded(features.shape.channels) / Lanes.scalarCount
        let count = features.shape.batch * features.shape.voxels, listed = min(count, labels.count)
        places = .allocate(capacity: count)
        places.initialize(repeating: -1, count: count)
        voxels = .allocate(capacity: listed)
        counts = .allocate(capacity: listed * classes)
        probabilities = .allocate(capacity: listed * classes)
        activation = .allocate(capacity: vectors)
        rows = .allocate(capacity: classes * vectors)
        rowGradients = .allocate(capacity: classes * vectors)
        rows.initialize(repeating: .zero, count: classes * vectors)
        buffers = features.buffers + [gradient.buffer]
    }

    deinit {
        places.deallocate()
        voxels.deallocate()
        counts.deallocate()
        probabilities.deallocate()
        activation.deallocate()
        rows.deallocate()
        rowGradients.deallocate()
    }

    package func run() {
        for index in 0..<listed { places[Int(voxels[index])] = -1 }
        list()
        takeWeights()
        let (total, slopes) = measure()
        if total > 0 { propagate(slopes, total: total) }
        for value in 0..<classes {
            let row = UnsafeRawPointer(rowGradients + value * vectors).assumingMemoryBound(to: Float.self)
            let channels = features.shape.channels
            (output.weightGradient + value * channels).update(from: row, count: channels)
        }
    }

    /// Lists the features' voxels that hold labels, with how many of each class.
    private func list() {
        let small = features.shape.extent, large = grid.extent
        let offsets = (0..<3).map { (small[$0] * factors[$0] - large[$0]) / 2 }
        let columns = factors[2], first = offsets[2]
        listed = 0
        var label = labels.values
        for sample in 0..<grid.batch {
            for z in 0..<large[0] {
                let plane = (sample * small[0] + (z + offsets[0]) / factors[0]) * small[1]
                for y in 0..<large[1] {
                    let row = (plane + (y + offsets[1]) / factors[1]) * small[2]
                    for x in 0..<large[2] where Int(label[x]) < classes && classWeights[Int(label[x])] > 0 {
                        let voxel = row + (x + first) / columns
                        if places[voxel] < 0 {
                            places[voxel] = Int32(listed)
                            voxels[listed] = Int32(voxel)
                            (counts + listed * classes).update(repeating: 0, count: classes)
                            listed += 1
                        }
                        counts[Int(places[voxel]) * classes + Int(label[x])] += 1
                    }
                    label += large[2]
                }
            }
        }
    }

    private func takeWeights() {
        let channels = features.shape.channels
        for value in 0..<classes {
            let row = UnsafeMutableRawPointer(rows + value * vectors).assumingMemoryBound(to: Float.self)
            row.update(from: output.weights + value * channels, count: channels)
        }
        rowGradients.update(repeating: .zero, count: classes * vectors)
        output.biasGradient.update(repeating: 0, count: classes)
    }

    /// A voxel's first vector of channels in a tensor; the others follow, `stride` floats from block to block.
    private func start(_ tensor: Tensor, _ sample: Int, _ voxel: Int) -> UnsafeMutableRawPointer {
        UnsafeMutableRawPointer(tensor.sample(sample) + voxel * engine.lanes)
    }

    /// Bytes from a voxel's first channel to that of a vector.
    private func offset(ofVector vector: Int) -> Int {
        let perBlock = engine.lanes / Lanes.scalarCount
        let (block, part) = vector.quotientAndRemainder(dividingBy: perBlock)
        return (block * features.tensor.shape.voxels * engine.lanes + part * Lanes.scalarCount) * 4
    }

    /// The features of a listed voxel after normalisation and ReLU.
    private func activate(_ index: Int) {
        let (sample, voxel) = Int(voxels[index]).quotientAndRemainder(dividingBy: features.shape.voxels)
        let values = start(features.tensor, sample, voxel)
        let scale = features.scale(sample).map { UnsafeRawPointer($0) }
        let shift = features.shift(sample).map { UnsafeRawPointer($0) }
        for vector in 0..<vectors {
            var value = values.loadUnaligned(fromByteOffset: offset(ofVector: vector), as: Lanes.self)
            if let scale, let shift {
                let place = vector * Lanes.scalarCount * 4
                value =
                    value * scale.loadUnaligned(fromByteOffset: place, as: Lanes.self)
                    + shift.loadUnaligned(fromByteOffset: place, as: Lanes.self)
                value.replace(with: Lanes.zero, where: value .< Lanes.zero)
            }
            activation[vector] = value
        }
    }

    /// Takes the probabilities of the listed voxels, and the loss; `total` is Σ n·w.
    private func measure() -> (total: Double, slopes: DiceSums.Slopes) {
        var sums = DiceSums(classes: classes)
        var total = 0.0, entropy = 0.0
        for index in 0..<listed {
            activate(index)
            let p = probabilities + index * classes, n = counts + index * classes
            var highest = -Float.infinity, sum: Float = 0, all: Float = 0
            for value in 0..<classes {
                var logit = Lanes.zero
                for vector in 0..<vectors { logit += rows[value * vectors + vector] * activation[vector] }
                p[value] = logit.sum() + output.bias[value]
                highest = max(highest, p[value])
                all += n[value]
            }
            for value in 0..<classes {
                let logit = p[value] - highest
                p[value] = exp(logit)
                sum += p[value]
                entropy -= Double(n[value] * classWeights[value] * logit)
            }
            for value in 0..<classes {
                p[value] /= sum
                let weighted = Double(n[value] * classWeights[value])
                entropy += weighted * Double(log(sum))
                total += weighted
                sums.overlap[value] += Double(n[value] * p[value])
                sums.predicted[value] += Double(all * p[value])
                sums.labelled[value] += Double(n[value])
            }
        }
        let slopes = sums.slopes
        loss = total > 0 ? weight * (entropy / total + dice * slopes.loss) : 0
        return (total, slopes)
    }

    /// From the loss to the output layer and the features.
    private func propagate(_ slopes: DiceSums.Slopes, total: Double) {
        let inverse = Float(1 / total), weight = Float(weight), dice = Float(dice)
        var logit = [Float](repeating: 0, count: classes)
        for index in 0..<listed {
            let p = probabilities + index * classes, n = counts + index * classes
            var all: Float = 0, weighted: Float = 0, mean: Float = 0
            for value in 0..<classes {
                all += n[value]
                weighted += n[value] * classWeights[value]
            }
            for value in 0..<classes {
                logit[value] = n[value] * slopes.same[value] + (all - n[value]) * slopes.other[value]
                mean += p[value] * logit[value]
            }
            for value in 0..<classes {
                let entropy = (weighted * p[value] - n[value] * classWeights[value]) * inverse
                logit[value] = weight * (entropy + dice * p[value] * (logit[value] - mean))
                output.biasGradient[value] += logit[value]
            }
            activate(index)
            let (sample, voxel) = Int(voxels[index]).quotientAndRemainder(dividingBy: features.shape.voxels)
            let result = start(gradient, sample, voxel)
            for vector in 0..<vectors {
                let place = offset(ofVector: vector)
                var sum = result.loadUnaligned(fromByteOffset: place, as: Lanes.self)
                for value in 0..<classes {
                    sum += logit[value] * rows[value * vectors + vector]
                    rowGradients[value * vectors + vector] += logit[value] * activation[vector]
                }
                result.storeBytes(of: sum, toByteOffset: place, as: Lanes.self)
            }
        }
    }
}
