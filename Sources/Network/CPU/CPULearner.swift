internal import Tensors

/// A learner on the processor; it updates the network's arrays in place.
final class CPULearner: SharedLearner {
    private let network: UNet
    /// Kept weights other than the network's own.
    private var others: [WeightSet: UNet] = [:]
    private let settings: LearnerSettings
    private let optimizer: any Optimizer
    private var passes: [PassShape: TrainingPass] = [:]
    /// That of all passes, as no two of them are used at a time.
    private let memory = ArenaMemory()
    /// The pass of the batch that was loaded last.
    private var loaded: TrainingPass?
    private let engine: Engine
    let parts: [LearnedPart]

    var graph: NetworkGraph { network.graph }

    init(_ network: UNet, _ settings: LearnerSettings, engine: Engine) {
        self.network = network
        self.settings = settings
        self.engine = engine
        let optimizer = settings.optimizer.makeOptimizer(for: network.parameters, engine: engine)
        self.optimizer = optimizer
        parts = LearnedPart.parts(of: network.graph) { optimizer.cost(of: $0) }
        if settings.hasAverage { others[.average] = network.copy() }
    }

    func load(_ shape: PassShape, images: [Float], labels: [UInt8]) throws {
        let pass =
            try passes[shape]
            ?? TrainingPass(
                network, input: shape.input, centre: shape.centre, dice: settings.dice, deep: settings.deep,
                roundsActivations: settings.roundsActivations, parts: parts, in: memory, engine: engine)
        passes[shape] = pass
        _ = pass.input.update(fromContentsOf: images)
        _ = pass.labels.update(fromContentsOf: labels)
        loaded = pass
    }

    func evaluate() throws -> Double { try pass.step(classWeights: settings.classWeights) }

    func evaluate(progress: (Int) -> Void) throws -> Double {
        try pass.step(classWeights: settings.classWeights, progress: progress)
    }

    func update(rate: Double) throws {
        try optimizer.update(network.parameters, gradients: pass.gradients, rate: rate)
    }

    func update(rate: Double, only range: Range<Int>) throws {
        try optimizer.update(network.parameters, gradients: pass.gradients, rate: rate, only: range)
    }

    func forward() throws { _ = try pass.forwardLogits() }

    private var pass: TrainingPass {
        guard let loaded else { preconditionFailure("no batch has been loaded") }
        return loaded
    }

    func has(_ weights: WeightSet) -> Bool { weights == .current || others[weights] != nil }

    func copy(_ source: WeightSet, to target: WeightSet) {
        let values = network(source).parameters.values
        if !has(target) { others[target] = network.copy() }
        _ = network(target).parameters.values.update(fromContentsOf: values)
    }

    func forget(_ weights: WeightSet) { others[weights] = nil }

    func follow(part: Double) {
        let part = Float(part)
        let (mean, values) = (network(.average).parameters.values, network.parameters.values)
        for place in mean.indices { mean[place] += part * (values[place] - mean[place]) }
    }

    private func network(_ weights: WeightSet) -> UNet {
        guard weights != .current else { return network }
        guard let other = others[weights] else { preconditionFailure("no \(weights) weights have been kept") }
        return other
    }

    var moments: [String] { optimizer.moments.map(\.name) }

    var updates: Int {
        get { optimizer.steps }
        set { optimizer.steps = newValue }
    }

    func pull(_ array: LearnerArray) -> [Float] { Array(values(of: array)) }

    func push(_ values: [Float], to array: LearnerArray) {
        if case .weights(let set) = array, !has(set) { others[set] = network.copy() }
        let target = self.values(of: array)
        precondition(values.count == target.count, "the array needs \(target.count) values")
        _ = target.update(fromContentsOf: values)
    }

    func values(of array: LearnerArray) -> UnsafeMutableBufferPointer<Float> {
        switch array {
        case .weights(let set): return network(set).parameters.values
        case .runningStatistics: return network.parameters.running
        case .gradients: return pass.gradients.learned
        case .moment(let name):
            guard let moment = optimizer.moments.first(where: { $0.name == name }) else {
                preconditionFailure("the optimizer has no moment \(name)")
            }
            return moment.values
        }
    }

    func makeInference(
        of weights: WeightSet, input: Shape, statistics: BatchNormStatistics
    ) throws -> any Inference {
        try InferencePass(network(weights), input: input, statistics: statistics, engine: engine)
    }

    func profile() throws -> [OperationTime] { try pass.profile() }

    var byteCount: Int {
        let parameters = network.parameters.values.count * MemoryLayout<Float>.stride
        let moments = optimizer.moments.reduce(0) { $0 + $1.values.count * MemoryLayout<Float>.stride }
        let labels = passes.values.reduce(0) { $0 + $1.labels.count }
        return memory.byteCount + labels + moments + (1 + others.count) * parameters
    }
}
