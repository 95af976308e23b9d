import Network
import Tensors
import TestSupport
import Testing

@Suite struct MuonTests {
    /// A network after one step of Muon on random gradients times `scale`, and what changed.
    private func changes(scale: Float, rate: Double, decay: Double = 0) throws -> (
        before: Parameters, after: Parameters
    ) {
        let configuration = UNetConfiguration(channels: 1, classes: 3, base: 8, levels: 2)
        var generator = SeededGenerator(seed: 3)
        let network = try UNet(configuration, using: &generator)
        let before = network.parameters.zeros(), gradients = network.parameters.zeros()
        _ = before.values.update(fromContentsOf: network.parameters.values)
        for index in gradients.learned.indices {
            gradients.learned[index] = scale * Float.random(in: -1...1, using: &generator)
        }
        let muon = Muon(for: network.parameters, decay: decay, engine: try Engine())
        try muon.update(network.parameters, gradients: gradients, rate: rate)
        return (before, network.parameters)
    }

    private func step(_ name: String, _ pair: (before: Parameters, after: Parameters)) throws -> [Float] {
        zip(try #require(pair.after[name]), try #require(pair.before[name])).map { $0 - $1 }
    }

    @Test(arguments: [
        "encoder.0.conv0.weight", "encoder.1.conv1.weight", "decoder.0.up.weight", "decoder.0.conv0.weight",
    ])
    func `a kernel moves by a fifth of the rate on average, whatever its gradient's size`(name: String) throws {
        for scale in [Float(1e-5), 1, 1e5] {
            let moved = try step(name, changes(scale: scale, rate: 0.1))
            let mean = (moved.reduce(0) { $0 + $1 * $1 } / Float(moved.count)).squareRoot()
            #expect(0.014...0.024 ~= mean, "at gradients of \(scale)")
        }
    }

    @Test(arguments: ["encoder.0.norm0.weight", "decoder.0.norm1.bias", "output.weight", "output.bias"])
    func `norms, biases and output layers move as with Adam`(name: String) throws {
        // Adam's first step is the rate itself, in the gradient's direction.
        #expect(try step(name, changes(scale: 1, rate: 0.1)).allSatisfy { abs(abs($0) - 0.1) < 1e-4 })
    }

    @Test func `decay shrinks kernels and all else in units of the rate`() throws {
        let plain = try changes(scale: 1, rate: 0.1), decayed = try changes(scale: 1, rate: 0.1, decay: 0.5)
        for name in ["encoder.0.conv1.weight", "output.weight"] {
            let before = Array(try #require(plain.before[name]))
            for (index, pair) in zip(try #require(decayed.after[name]), try #require(plain.after[name])).enumerated() {
                #expect(abs(pair.0 - (pair.1 - 0.05 * before[index])) < 1e-5)
            }
        }
    }

    @Test func `running statistics are left alone`() throws {
        let pair = try changes(scale: 1, rate: 0.1)
        #expect(try step("encoder.0.norm0.running_var", pair).allSatisfy { $0 == 0 })
    }
}
