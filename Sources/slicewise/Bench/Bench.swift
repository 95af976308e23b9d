internal import Network
internal import Tensors
internal import Volumes

/// Measurements of one network on one size of input.
struct Bench {
    private let configuration: UNetConfiguration
    private let input: Shape
    private let runs: Int
    private let roundsActivations: Bool
    private let engine: any ComputeEngine
    private var random = Random(seed: 1)

    init(
        _ configuration: UNetConfiguration, patch: Extent, runs: Int, roundsActivations: Bool = false,
        engine: any ComputeEngine
    ) throws {
        self.configuration = configuration
        self.runs = runs
        self.roundsActivations = roundsActivations
        self.engine = engine
        try configuration.validate()
        let graph = configuration.graph
        let wanted = Shape(channels: configuration.channels, depth: patch.z, height: patch.y, width: patch.x)
        input = configuration.padding == .same ? wanted : Self.fitting(wanted, graph)
        _ = try graph.outputShape(for: input)
    }

    /// Measures whole training steps: forward, loss, backward, update.
    mutating func training() throws -> BenchResult {
        let network = try UNet(configuration, using: &random)
        let learner = try engine.makeLearner(
            for: network,
            LearnerSettings(
                classWeights: [Float](repeating: 1, count: configuration.classes), optimizer: .adam(),
                roundsActivations: roundsActivations))
        let output = try network.graph.outputShape(for: input)
        try learner.load(
            PassShape(input: input, centre: output.extent),
            images: (0..<input.count).map { _ in Float(random.normal()) },
            labels: (0..<output.voxels).map { _ in UInt8.random(in: 0..<3, using: &random) })
        let seconds = try measure { _ = try learner.step(rate: 1e-3) }
        var result = result("train", seconds, bytes: learner.byteCount)
        if roundsActivations { result.precision = "bf16" }
        result.layers = try learner.profile()
        return result
    }

    mutating func inference() throws -> BenchResult {
        let network = try UNet(configuration, using: &random)
        let pass = try engine.makeInference(of: network, input: input, statistics: .running)
        for index in pass.input.indices { pass.input[index] = Float(random.normal()) }
        let seconds = try measure { _ = try pass.run { _ in true } }
        var result = result("infer", seconds, bytes: pass.byteCount)
        result.layers = try pass.profile()
        return result
    }

    /// The seconds of each run, sorted, without a first run for warming up.
    private func measure(_ body: () throws -> Void) rethrows -> [Double] {
        try body()
        let clock = ContinuousClock()
        return try (0..<runs).map { _ in try clock.measure(body) / .seconds(1) }.sorted()
    }

    private func result(_ pass: String, _ seconds: [Double], bytes: Int) -> BenchResult {
        BenchResult(
            base: configuration.base, levels: configuration.levels, patch: input.extent,
            channels: configuration.channels, padding: configuration.padding.rawValue, precision: "f32", pass: pass,
            median: seconds[seconds.count / 2], min: seconds[0], peakBytes: bytes)
    }

    /// The smallest input, at least as large as `wanted`, that fits a network with valid padding.
    private static func fitting(_ wanted: Shape, _ graph: NetworkGraph) -> Shape {
        wanted.with(
            extent: wanted.extent.indices.map { axis in
                var size = wanted.extent[axis]
                func fits(_ size: Int) -> Bool {
                    let cube = wanted.with(extent: [size, size, size])
                    guard graph.configuration.dimensions == 3 || axis > 0 else { return true }
                    return (try? graph.outputShape(for: cube)) != nil
                }
                while !fits(size) { size += 1 }
                return size
            })
    }
}
