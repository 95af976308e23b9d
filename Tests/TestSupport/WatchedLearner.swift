internal import Network
internal import Tensors

final class WatchedLearner: Learner {
    private let learner: any Learner
    private var sound: Int
    private let broken: Range<Int>?
    private let told: (WatchedEngine.Pass) -> Void

    /// `broken` is the part of the weights that the last sound update breaks; nil for all.
    init(
        _ learner: any Learner, breaksAfter sound: Int, in broken: Range<Int>?,
        told: @escaping (WatchedEngine.Pass) -> Void
    ) {
        self.learner = learner
        self.sound = sound
        self.broken = broken
        self.told = told
    }

    func update(rate: Double) throws {
        try learner.update(rate: rate)
        told(.step)
        sound -= 1
        guard sound <= 0 else { return }
        var weights = try learner.pull(.weights(.current))
        for place in broken ?? weights.indices { weights[place] = .nan }
        try learner.push(weights, to: .weights(.current))
    }

    func forward() throws {
        try learner.forward()
        told(.forward)
    }

    func makeInference(
        of weights: WeightSet, input: Shape, statistics: BatchNormStatistics
    ) throws -> any Inference {
        WatchedInference(
            try learner.makeInference(of: weights, input: input, statistics: statistics), told: told)
    }

    var graph: NetworkGraph { learner.graph }
    var moments: [String] { learner.moments }
    var updates: Int {
        get { learner.updates }
        set { learner.updates = newValue }
    }
    var byteCount: Int { learner.byteCount }

    func load(_ shape: PassShape, images: [Float], labels: [UInt8]) throws {
        try learner.load(shape, images: images, labels: labels)
    }
    func evaluate() throws -> Double { try learner.evaluate() }
    func has(_ weights: WeightSet) -> Bool { learner.has(weights) }
    func copy(_ source: WeightSet, to target: WeightSet) throws { try learner.copy(source, to: target) }
    func forget(_ weights: WeightSet) { learner.forget(weights) }
    func follow(part: Double) throws { try learner.follow(part: part) }
    func pull(_ array: LearnerArray) throws -> [Float] { try learner.pull(array) }
    func push(_ values: [Float], to array: LearnerArray) throws { try learner.push(values, to: array) }
    func profile() throws -> [OperationTime] { try learner.profile() }
}
