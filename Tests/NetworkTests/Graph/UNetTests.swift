import Foundation
import Network
import TestSupport
import Testing

@Suite struct UNetTests {
    @Test func `random weights are those that the standard library's numbers give`() throws {
        var generator = SeededGenerator(seed: 7)
        let network = try UNet(UNetConfiguration(classes: 2, base: 4, levels: 2), using: &generator)
        var again = SeededGenerator(seed: 7)
        var drawn = 0
        for tensor in network.graph.learned {
            guard case .random(let deviation) = tensor.start, let values = network.parameters[tensor.name] else {
                continue
            }
            for value in values {
                let first = Double.random(in: Double.leastNonzeroMagnitude..<1, using: &again)
                let second = Double.random(in: 0..<1, using: &again)
                #expect(value == Float(deviation * ((-2 * log(first)).squareRoot() * cos(2 * .pi * second))))
                drawn += 1
            }
        }
        #expect(drawn > 1000)
        withExtendedLifetime(network) {}
    }
}
