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
    private let told: (Pass) -> Void

    /// `sound` is the number of updates of a learner, the last of which breaks its weights.
    package init(threads: Int? = 1, breaksAfter sound: Int = .max, told: @escaping (Pass) -> Void = { _ in }) throws {
        engine = try Engine(threads: threads)
        self.sound = sound
        self.told = told
    }

    package var threads: Int { engine.threads }

    package func makeLearner(for network: UNet, _ settings: LearnerSettings) throws -> any Learner {
        WatchedLearner(try engine.makeLearner(for: network, settings), breaksAfter: sound, told: told)
    }

    package func makeInference(
        of network: UNet, input: Shape, statistics: BatchNormStatistics
    ) throws -> any Inference {
        WatchedInference(
            try engine.makeInference(of: network, input: input, statistics: statistics), told: told)
    }
}
