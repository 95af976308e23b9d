package import Tensors

/// An engine whose learners share their gradients with those of other ranks; predictions are each rank's own.
package final class RankEngine: ComputeEngine {
    private let engine: any ComputeEngine
    fileprivate let group: any RankGroup

    package init(_ engine: any ComputeEngine, _ ranks: any RankGroup) {
        self.engine = engine
        group = ranks
    }

    package var threads: Int { engine.threads }

    package func makeLearner(for network: UNet, _ settings: LearnerSettings) throws -> any Learner {
        let learner = try engine.makeLearner(for: network, settings)
        guard let shared = learner as? any SharedLearner else { return RankLearner(learner, group) }
        return SharedRankLearner(shared, group)
    }

    package func makeInference(
        of network: UNet, input: Shape, statistics: BatchNormStatistics
    ) throws -> any Inference {
        try engine.makeInference(of: network, input: input, statistics: statistics)
    }
}

extension ComputeEngine {
    /// The processes that train together by this engine; nil if it is this one alone.
    package var ranks: (any RankGroup)? { (self as? RankEngine)?.group }
}
