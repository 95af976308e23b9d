package import Tensors

/// The processor as an engine; all values are in host memory.
extension Engine: ComputeEngine {
    package func makeLearner(for network: UNet, _ settings: LearnerSettings) throws -> any Learner {
        CPULearner(network, settings, engine: self)
    }

    package func makeInference(
        of network: UNet, input: Shape, statistics: BatchNormStatistics
    ) throws -> any Inference {
        try InferencePass(network, input: input, statistics: statistics, engine: self)
    }
}
