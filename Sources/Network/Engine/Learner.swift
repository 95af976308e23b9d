package import Tensors

/// A network that learns, batch by batch, wherever an engine keeps its numbers.
///
/// It plans a pass for each shape of batch at first need, and keeps it; all share weights and optimizer. A step allocates
/// nothing. Numbers come to the host by `pull` and from it by `load` and `push` alone.
package protocol Learner: AnyObject {
    var graph: NetworkGraph { get }

    /// Takes a batch: N×C×Z×Y×X images and N×Z×Y×X labels of the shape's centre, 255 where unlabeled.
    func load(_ shape: PassShape, images: [Float], labels: [UInt8]) throws

    /// The loss of the batch that was loaded last, and its gradients, without learning from them.
    func evaluate() throws -> Double

    /// Learns from the batch that was loaded last: forward, loss, backward, update; returns the loss before the update.
    ///
    /// A loss that isn't finite is no update.
    func step(rate: Double) throws -> Double

    /// The forward pass alone, with the batch's own statistics, which moves the running ones.
    func forward() throws

    /// Whether there are weights of a kind; those that it learns always are.
    func has(_ weights: WeightSet) -> Bool

    /// Makes weights of one kind equal to those of another, all at once.
    func copy(_ source: WeightSet, to target: WeightSet) throws

    /// Forgets weights that were kept; not for those that it learns.
    func forget(_ weights: WeightSet)

    /// Moves the average a part of the way to the weights as they are; running statistics are averaged as well.
    func follow(part: Double) throws

    /// The names of what the optimizer remembers for each learned value.
    var moments: [String] { get }

    /// Updates by the optimizer so far.
    var updates: Int { get set }

    /// A copy of an array.
    func pull(_ array: LearnerArray) throws -> [Float]

    /// Overwrites an array with as many values.
    func push(_ values: [Float], to array: LearnerArray) throws

    /// Plans predictions by weights that it has, as they are at each `refresh`.
    func makeInference(
        of weights: WeightSet, input: Shape, statistics: BatchNormStatistics
    ) throws -> any Inference

    /// What a step on the batch that was loaded last consists of, with the seconds of each operation in one run.
    func profile() throws -> [OperationTime]

    /// Bytes of all that it works on and remembers.
    var byteCount: Int { get }
}
