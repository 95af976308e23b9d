package import Tensors

/// An engine whose learners share their gradients with those of other ranks; predictions are each rank's own.
package final class RankEngine: ComputeEngine {
    private let engine: any ComputeEngine
    private let ranks: any RankGroup

    package init(_ engine: any ComputeEngine, _ ranks: any RankGroup) {
        self.engine = engine
        self.ranks = ranks
    }

    package var threads: Int { engine.threads }

    package func makeLearner(for network: UNet, _ settings: LearnerSettings) throws -> any Learner {
        let learner = try engine.makeLearner(for: network, settings)
        guard let shared = learner as? any SharedLearner else { return RankLearner(learner, ranks) }
        return SharedRankLearner(shared, ranks)
    }

    package func makeInference(
        of network: UNet, input: Shape, statistics: BatchNormStatistics
    ) throws -> any Inference {
        try engine.makeInference(of: network, input: input, statistics: statistics)
    }
}
