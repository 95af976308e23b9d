package import Foundation

/// A network as a file: configuration, weights and, where training is to go on, all that it needs for that.
///
/// That is what the optimizer remembers, the state of the random numbers and the step. Immutable once made.
package struct Checkpoint: Sendable {
    package let configuration: UNetConfiguration
    /// Strings of the maker's own, besides the configuration's.
    package let metadata: [String: String]
    package let step: Int
    /// The words of the random generator; empty where none were stored.
    package let randomState: [UInt64]
    /// The safetensors file.
    package let encoded: Data

    private static let own = "slicewise."

    /// Takes a copy of everything as it is now; `kept` are other weights of the same network, by name.
    package init(
        network: UNet, optimizer: (any Optimizer)? = nil, kept: [(name: String, parameters: Parameters)] = [],
        step: Int, randomState: [UInt64] = [], metadata: [String: String] = [:]
    ) throws(NetworkError) {
        var file = SafeTensors()
        for entry in network.parameters.entries {
            guard let values = network.parameters[entry.name] else { continue }
            file.set(entry.name, shape: entry.shape, values)
        }
        file.metadata = network.configuration.metadata
        file.metadata[Self.own + "step"] = "\(step)"
        if !randomState.isEmpty {
            file.metadata[Self.own + "random_state"] = randomState.map { "\($0)" }.joined(separator: " ")
        }
        if let optimizer {
            file.metadata[Self.own + "optimizer_steps"] = "\(optimizer.steps)"
            for (name, values) in optimizer.moments { file.set("optimizer.\(name)", shape: [values.count], values) }
        }
        for (name, parameters) in kept {
            let values = parameters.values
            file.set("kept.\(name)", shape: [values.count], values)
        }
        for (key, value) in metadata { file.metadata["user." + key] = value }
        configuration = network.configuration
        self.metadata = metadata
        self.step = step
        self.randomState = randomState
        encoded = try file.encoded()
    }

    /// Reads a file written here or elsewhere; fails when it is no network that could be run.
    package init(_ encoded: Data) throws(NetworkError) {
        let file = try SafeTensors(encoded)
        configuration = try UNetConfiguration(metadata: file.metadata)
        metadata = Dictionary(
            uniqueKeysWithValues: file.metadata.filter { $0.key.hasPrefix("user.") }
                .map { (String($0.key.dropFirst("user.".count)), $0.value) })
        step = file.metadata[Self.own + "step"].flatMap { Int($0) } ?? 0
        randomState = (file.metadata[Self.own + "random_state"] ?? "").split(separator: " ").compactMap { UInt64($0) }
        self.encoded = encoded
        // The metadata may claim any size; no weight takes less than two bytes.
        let count = configuration.graph.parameterCount
        guard count <= encoded.count / 2 else {
            throw .weights(
                "the metadata tells of a network of \(count) weights, which the file of "
                    + "\(encoded.count) bytes does not hold")
        }
        try fill(try UNet(zeros: configuration), from: file)
    }

    /// The network with these weights.
    package func makeNetwork() throws(NetworkError) -> UNet {
        let network = try UNet(zeros: configuration)
        try fill(network, from: try SafeTensors(encoded))
        return network
    }

    /// Gives an optimizer back what it remembered; fails when the file holds nothing for it.
    package func restore(_ optimizer: any Optimizer) throws(NetworkError) {
        let file = try SafeTensors(encoded)
        for (name, values) in optimizer.moments {
            guard let stored = try file.floats("optimizer.\(name)"), stored.count == values.count else {
                throw .weights("the checkpoint holds no \"\(name)\" of \(values.count) values for this optimizer")
            }
            _ = values.update(fromContentsOf: stored)
        }
        optimizer.steps = file.metadata[Self.own + "optimizer_steps"].flatMap { Int($0) } ?? step
    }

    /// Fills in other weights that were kept with these; false where there are none of that name.
    package func restore(_ name: String, into parameters: Parameters) throws(NetworkError) -> Bool {
        guard let stored = try SafeTensors(encoded).floats("kept.\(name)") else { return false }
        guard stored.count == parameters.values.count else {
            throw .weights("the checkpoint's \"\(name)\" weights are those of another network")
        }
        _ = parameters.values.update(fromContentsOf: stored)
        return true
    }

    /// Whether training can go on exactly where it stopped.
    package var canResume: Bool { !randomState.isEmpty }

    /// The network to predict with, without what only training needs: the best weights that were kept, their average,
    /// or the last ones.
    package func weightsOnly() throws(NetworkError) -> Checkpoint {
        let network = try makeNetwork()
        if try !restore("best", into: network.parameters) { _ = try restore("average", into: network.parameters) }
        return try Checkpoint(network: network, step: step, metadata: metadata)
    }

    /// Writes the file so that it is there whole or not at all.
    package func write(to url: URL) throws { try encoded.write(to: url, options: .atomic) }

    private func fill(_ network: UNet, from file: SafeTensors) throws(NetworkError) {
        for entry in network.parameters.entries {
            guard let values = network.parameters[entry.name] else { continue }
            guard let tensor = file.tensors[entry.name], let stored = try file.floats(entry.name) else {
                throw .weights("the weights file lacks the tensor \"\(entry.name)\" of shape \(entry.shape)")
            }
            guard stored.count == values.count, tensor.shape.filter({ $0 != 1 }) == entry.shape.filter({ $0 != 1 })
            else {
                throw .weights("tensor \"\(entry.name)\" has shape \(tensor.shape); the network needs \(entry.shape)")
            }
            _ = values.update(fromContentsOf: stored)
        }
    }
}
