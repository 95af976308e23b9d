internal import Tensors

/// A learner that learns from the batches of all ranks: their gradients are averaged before each update, and so are the loss
/// and the running statistics, so that all ranks keep the same weights.
///
/// Batch norm goes by each rank's own batch. With batches of as many labelled voxels, without norm and Dice, the gradient is
/// that of one batch of them all.
class RankLearner: Learner {
    private let learner: any Learner
    final let ranks: any RankGroup

    init(_ learner: any Learner, _ ranks: any RankGroup) {
        self.learner = learner
        self.ranks = ranks
    }

    func evaluate() throws -> Double {
        let loss = try learner.evaluate()
        let gradients = try learner.pull(.gradients)
        // All in one message.
        var values = gradients + (try learner.pull(.runningStatistics))
        values.append(Float(loss))
        average(&values)
        try learner.push(Array(values[..<gradients.count]), to: .gradients)
        try learner.push(Array(values[gradients.count..<values.count - 1]), to: .runningStatistics)
        return Double(values[values.count - 1])
    }

    final func forward() throws {
        try learner.forward()
        var running = try learner.pull(.runningStatistics)
        average(&running)
        try learner.push(running, to: .runningStatistics)
    }

    private func average(_ values: inout [Float]) {
        values.withUnsafeMutableBufferPointer { values in
            ranks.sum(values)
            divide(values)
        }
    }

    /// Turns sums over the ranks to means.
    final func divide(_ sums: UnsafeMutableBufferPointer<Float>) {
        let part = 1 / Float(ranks.count)
        for place in sums.indices { sums[place] *= part }
    }

    final var graph: NetworkGraph { learner.graph }
    final var moments: [String] { learner.moments }
    final var updates: Int {
        get { learner.updates }
        set { learner.updates = newValue }
    }
    final var byteCount: Int { learner.byteCount }

    final func load(_ shape: PassShape, images: [Float], labels: [UInt8]) throws {
        try learner.load(shape, images: images, labels: labels)
    }
    func update(rate: Double) throws { try learner.update(rate: rate) }
    final func has(_ weights: WeightSet) -> Bool { learner.has(weights) }
    final func copy(_ source: WeightSet, to target: WeightSet) throws { try learner.copy(source, to: target) }
    final func forget(_ weights: WeightSet) { learner.forget(weights) }
    final func follow(part: Double) throws { try learner.follow(part: part) }
    func pull(_ array: LearnerArray) throws -> [Float] { try learner.pull(array) }
    final func push(_ values: [Float], to array: LearnerArray) throws { try learner.push(values, to: array) }
    final func makeInference(
        of weights: WeightSet, input: Shape, statistics: BatchNormStatistics
    ) throws -> any Inference {
        try learner.makeInference(of: weights, input: input, statistics: statistics)
    }
    final func profile() throws -> [OperationTime] { try learner.profile() }
}
