package import Network
package import Tensors

/// The processor's engine, which tells of each pass, and whose weights are no numbers any more after an update that the
/// test names.
package final class WatchedEngine: ComputeEngine {
    package enum Pass: Sendable {
        case step, forward, prediction
    }

    private let engine: Engine
    private let sound: Int
    private let tensor: String?
    private let told: (Pass) -> Void

    /// `sound` is the number of updates of a learner, the last of which breaks its weights, or only those of `tensor`.
    package init(
        threads: Int? = 1, breaksAfter sound: Int = .max, tensor: String? = nil,
        told: @escaping (Pass) -> Void = { _ in }
    ) throws {
        engine = try Engine(threads: threads)
        self.sound = sound
        self.tensor = tensor
        self.told = told
    }

    package var threads: Int { engine.threads }

    package func makeLearner(for network: UNet, _ settings: LearnerSettings) throws -> any Learner {
        let broken = network.parameters.entries.first { $0.name == tensor }.map { $0.offset..<$0.offset + $0.count }
        return WatchedLearner(
            try engine.makeLearner(for: network, settings), breaksAfter: sound, in: broken, told: told)
    }

    package func makeInference(
        of network: UNet, input: Shape, statistics: BatchNormStatistics
    ) throws -> any Inference {
        WatchedInference(
            try engine.makeInference(of: network, input: input, statistics: statistics), told: told)
    }
}
