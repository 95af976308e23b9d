internal import Foundation

/// A U-Net: its configuration and its parameters.
package final class UNet {
    package let configuration: UNetConfiguration
    package let parameters: Parameters

    /// A network of zeros with running variances of 1, to be filled from a file.
    package init(zeros configuration: UNetConfiguration) throws(NetworkError) {
        try configuration.validate()
        self.configuration = configuration
        let (learned, running) = configuration.tensors
        parameters = Parameters(learned: learned, running: running)
        for entry in parameters.entries where entry.name.hasSuffix("running_var") {
            parameters[entry.name]?.update(repeating: 1)
        }
    }

    /// A network with random weights: normal with deviation √(2 / fan in), norms 1 and 0.
    ///
    /// After He et al. 2015.
    package convenience init(
        _ configuration: UNetConfiguration, using generator: inout some RandomNumberGenerator
    ) throws(NetworkError) {
        try self.init(zeros: configuration)
        for entry in parameters.entries where entry.offset < parameters.learnedCount {
            guard let values = parameters[entry.name] else { continue }
            if entry.name.contains(".norm") {
                values.update(repeating: entry.name.hasSuffix("weight") ? 1 : 0)
            } else if entry.name.hasSuffix("weight") {
                let fan = entry.name.hasSuffix("up.weight") ? entry.shape[0] : entry.shape[1...].reduce(1, *)
                let gain = entry.name.hasSuffix("up.weight") || entry.name.hasSuffix("output.weight") ? 1.0 : 2.0
                let deviation = (gain / Double(fan)).squareRoot()
                for index in values.indices { values[index] = Float(deviation * Self.normal(using: &generator)) }
            }
        }
    }

    /// One number of the normal distribution (Box and Muller 1958).
    private static func normal(using generator: inout some RandomNumberGenerator) -> Double {
        let radius = (-2 * log(Double.random(in: Double.leastNonzeroMagnitude..<1, using: &generator))).squareRoot()
        return radius * cos(2 * .pi * Double.random(in: 0..<1, using: &generator))
    }
}
