internal import Network
internal import Tensors
internal import Volumes

/// Measurements of one network on one size of input.
struct Bench {
    private let configuration: UNetConfiguration
    private let network: UNet
    private let input: Shape
    private let runs: Int
    private let engine: Engine
    private var random = Random(seed: 1)

    init(_ configuration: UNetConfiguration, patch: Extent, runs: Int, engine: Engine) throws {
        self.configuration = configuration
        self.runs = runs
        self.engine = engine
        try configuration.validate()
        network = try UNet(configuration, using: &random)
        let wanted = Shape(channels: configuration.channels, depth: patch.z, height: patch.y, width: patch.x)
        input = configuration.padding == .same ? wanted : Self.fitting(wanted, network.graph)
        _ = try network.graph.outputShape(for: input)
    }

    /// Measures whole training steps: forward, loss, backward, update.
    mutating func training() throws -> BenchResult {
        let pass = try TrainingPass(network, input: input, engine: engine)
        for index in pass.input.indices { pass.input[index] = Float(random.normal()) }
        for index in pass.labels.indices { pass.labels[index] = UInt8.random(in: 0..<3, using: &random) }
        let optimizer = Adam(for: network.parameters, engine: engine)
        let weights = [Float](repeating: 1, count: configuration.classes)
        let seconds = try measure {
            _ = try pass.step(classWeights: weights)
            optimizer.update(network.parameters, gradients: pass.gradients, rate: 1e-3)
        }
        let moments = optimizer.moments.reduce(0) { $0 + $1.values.count * MemoryLayout<Float>.stride }
        var result = result("train", seconds, bytes: pass.byteCount + moments)
        result.layers = try pass.profile()
        return result
    }

    mutating func inference() throws -> BenchResult {
        let pass = try InferencePass(network, input: input, statistics: .running, engine: engine)
        for index in pass.input.indices { pass.input[index] = Float(random.normal()) }
        let seconds = try measure { try pass.run() }
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
