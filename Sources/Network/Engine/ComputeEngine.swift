package import Tensors

/// Hardware that computes networks: it makes learners and inferences, and hides where their values are stored.
///
/// The processor's engine is `Tensors.Engine` (see `CPU/Engine+ComputeEngine.swift`). Another engine is another type
/// that conforms to this protocol: it reads what to compute from a `NetworkGraph`, stores the values anywhere, and is
/// named only where engines are made: in `Compute`, `RegionPredictor` and the commands. An engine and everything it
/// makes are confined to the thread that made it.
package protocol ComputeEngine: AnyObject {
    /// The number of processor threads that it uses.
    var threads: Int { get }

    /// Makes a learner that takes over the network: the caller must not use its values afterwards.
    func makeLearner(for network: UNet, _ settings: LearnerSettings) throws -> any Learner

    /// Plans predictions by a network for one input shape; fails if the network can't take it.
    func makeInference(of network: UNet, input: Shape, statistics: BatchNormStatistics) throws -> any Inference
}
