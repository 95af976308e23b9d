package import Foundation

/// A network as a file: configuration, weights and, if training is to be resumed, its state.
///
/// The state is the optimizer's moments, the random generator's state and the step. Immutable.
package struct Checkpoint: Sendable {
    package let configuration: UNetConfiguration
    /// The caller's own strings, without those of the configuration.
    package let metadata: [String: String]
    package let step: Int
    /// The state of the random generator; empty if not stored.
    package let randomState: [UInt64]
    /// The safetensors file.
    package let encoded: Data

    private static let own = "slicewise."

    /// Only a network, without the state of a training.
    package init(network: UNet, step: Int, metadata: [String: String] = [:]) throws(NetworkError) {
        var file = SafeTensors()
        Self.put(UnsafeBufferPointer(network.parameters.values), of: network.graph, into: &file)
        try self.init(file, of: network.graph, step: step, metadata: metadata)
    }

    /// Copies the present weights and optimizer state of a learner.
    package init(
        _ learner: any Learner, step: Int, randomState: [UInt64] = [], metadata: [String: String] = [:]
    ) throws {
        var file = SafeTensors()
        // One array at a time, as each is as large as the network.
        try learner.pull(.weights(.current)).withUnsafeBufferPointer { Self.put($0, of: learner.graph, into: &file) }
        for name in learner.moments {
            try learner.pull(.moment(name)).withUnsafeBufferPointer {
                file.set("optimizer.\(name)", shape: [$0.count], $0)
            }
        }
        for set in Self.kept where learner.has(set) {
            try learner.pull(.weights(set)).withUnsafeBufferPointer {
                file.set("kept.\(set.rawValue)", shape: [$0.count], $0)
            }
        }
        file.metadata[Self.own + "optimizer_steps"] = "\(learner.updates)"
        try self.init(file, of: learner.graph, step: step, randomState: randomState, metadata: metadata)
    }

    /// The sets of weights that are stored besides the current ones.
    private static let kept = [WeightSet.average, .best, .good]

    /// Adds a network's tensors to a file; the values are in the order of `Parameters`.
    private static func put(
        _ values: UnsafeBufferPointer<Float>, of graph: NetworkGraph, into file: inout SafeTensors
    ) {
        for entry in Parameters.entries(of: graph) {
            file.set(entry.name, shape: entry.shape, UnsafeBufferPointer(rebasing: values[entry.range]))
        }
    }

    /// Adds the metadata to a file that has the tensors.
    private init(
        _ tensors: SafeTensors, of graph: NetworkGraph, step: Int, randomState: [UInt64] = [],
        metadata: [String: String]
    ) throws(NetworkError) {
        var file = tensors
        file.metadata.merge(graph.configuration.metadata) { $1 }
        file.metadata[Self.own + "step"] = "\(step)"
        if !randomState.isEmpty {
            file.metadata[Self.own + "random_state"] = randomState.map { "\($0)" }.joined(separator: " ")
        }
        for (key, value) in metadata { file.metadata["user." + key] = value }
        configuration = graph.configuration
        self.metadata = metadata
        self.step = step
        self.randomState = randomState
        encoded = try file.encoded()
    }

    /// Reads a file written here or elsewhere; fails if it isn't a network that can be run.
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
                "the metadata describes a network of \(count) weights, which the file of "
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

    /// Restores a learner's optimizer state and kept weights; fails if the file lacks the optimizer's state, or if they
    /// belong to another network.
    package func restore(_ learner: any Learner) throws {
        let file = try SafeTensors(encoded)
        let count = learner.graph.parameterCount
        for name in learner.moments {
            guard let stored = try file.floats("optimizer.\(name)"), stored.count == count else {
                throw NetworkError.weights(
                    "the checkpoint holds no \"\(name)\" of \(count) values for this optimizer")
            }
            try learner.push(stored, to: .moment(name))
        }
        learner.updates = file.metadata[Self.own + "optimizer_steps"].flatMap { Int($0) } ?? step
        // An average is useful only to a training that keeps one.
        for set in Self.kept where set != .average || learner.has(set) {
            guard let stored = try kept(set, in: file, of: learner.graph) else { continue }
            try learner.push(stored, to: .weights(set))
        }
    }

    /// A set of weights that was kept with the current ones; nil if it wasn't.
    private func kept(
        _ set: WeightSet, in file: SafeTensors, of graph: NetworkGraph
    ) throws(NetworkError) -> [Float]? {
        guard let stored = try file.floats("kept.\(set.rawValue)") else { return nil }
        guard stored.count == graph.valueCount else {
            throw .weights("the checkpoint's \"\(set.rawValue)\" weights belong to another network")
        }
        return stored
    }

    /// Whether training can be resumed exactly where it stopped.
    package var canResume: Bool { !randomState.isEmpty }

    /// The network for prediction, without the training's state: with the best weights if kept, else the average, else
    /// the current ones.
    package func weightsOnly() throws(NetworkError) -> Checkpoint {
        let network = try makeNetwork()
        let file = try SafeTensors(encoded)
        for set in [WeightSet.best, .average] {
            guard let chosen = try kept(set, in: file, of: network.graph) else { continue }
            _ = network.parameters.values.update(fromContentsOf: chosen)
            break
        }
        return try Checkpoint(network: network, step: step, metadata: metadata)
    }

    /// Writes the file atomically.
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
