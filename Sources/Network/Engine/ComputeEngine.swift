package import Tensors

/// What computes networks: it makes learners and inferences, and hides where their numbers lie.
///
/// The processor's is `Tensors.Engine` (see `CPU/Engine+ComputeEngine.swift`). Another one is another type of this kind:
/// it reads what is to be computed from a `NetworkGraph`, keeps the numbers where it likes, and is named only where
/// engines are made, in `Compute`, `RegionPredictor` and the commands. Confined to the thread that made it, with all
/// that it makes.
package protocol ComputeEngine: AnyObject {
    /// Threads of the processor that it computes on.
    var threads: Int { get }

    /// Begins to train a network, whose values nobody else touches from then on: they lie where the learner has them.
    func makeLearner(for network: UNet, _ settings: LearnerSettings) throws -> any Learner

    /// Plans predictions by a network for one shape of input; fails where the network can't take that.
    func makeInference(of network: UNet, input: Shape, statistics: BatchNormStatistics) throws -> any Inference
}
