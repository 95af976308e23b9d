internal import Foundation

/// A U-Net: its graph, and its parameters in host memory.
package final class UNet {
    package let graph: NetworkGraph
    package let parameters: Parameters

    package var configuration: UNetConfiguration { graph.configuration }

    /// A network of zeros with running variances of 1, to be filled from a file.
    package init(zeros configuration: UNetConfiguration) throws(NetworkError) {
        try configuration.validate()
        graph = NetworkGraph(configuration)
        parameters = Parameters(graph)
        for tensor in graph.running {
            guard case .constant(let value) = tensor.start else { continue }
            parameters[tensor.name]?.update(repeating: value)
        }
    }

    private init(_ graph: NetworkGraph, _ parameters: Parameters) {
        self.graph = graph
        self.parameters = parameters
    }

    /// A network with equal values in memory of its own.
    func copy() -> UNet {
        let copy = UNet(graph, parameters.zeros())
        _ = copy.parameters.values.update(fromContentsOf: parameters.values)
        return copy
    }

    /// A new network with random weights, to be trained.
    package convenience init(
        _ configuration: UNetConfiguration, using generator: inout some RandomNumberGenerator
    ) throws(NetworkError) {
        try self.init(zeros: configuration)
        for tensor in graph.learned {
            guard let values = parameters[tensor.name] else { continue }
            switch tensor.start {
            case .constant(let value): values.update(repeating: value)
            case .random(let deviation):
                for index in values.indices { values[index] = Float(deviation * Self.normal(using: &generator)) }
            }
        }
    }

    /// A random number of the standard normal distribution (Box and Muller 1958).
    private static func normal(using generator: inout some RandomNumberGenerator) -> Double {
        let radius = (-2 * log(max(unit(generator.next()), .leastNonzeroMagnitude))).squareRoot()
        return radius * cos(2 * .pi * unit(generator.next()))
    }

    /// A number in 0 ..< 1, as `Double.random(in:using:)` makes it, which takes several times as long where the
    /// generator is not known at compile time: a network has millions of weights.
    private static func unit(_ bits: UInt64) -> Double { Double(bits & (1 << 53 - 1)) * 0x1p-53 }
}
