package import Tensors

/// A network in training, batch by batch, on an engine.
///
/// It plans a pass when a batch shape first occurs, and keeps it; all passes share weights, optimizer and memory. A step
/// allocates nothing. Values are copied to the host only by `pull`, and from the host only by `load` and `push`.
package protocol Learner: AnyObject {
    var graph: NetworkGraph { get }

    /// Loads a batch: N×C×Z×Y×X images and N×Z×Y×X labels of the shape's centre, 255 where unlabeled.
    func load(_ shape: PassShape, images: [Float], labels: [UInt8]) throws

    /// Computes the gradients of the batch that was loaded last, without an update, and returns its loss.
    func evaluate() throws -> Double

    /// Updates the weights by the gradients that `evaluate` computed of the batch that was loaded last.
    func update(rate: Double) throws

    /// Runs only the forward pass, with the batch's own statistics, which updates the running statistics.
    func forward() throws

    /// Whether these weights are kept; always true of `current`.
    func has(_ weights: WeightSet) -> Bool

    /// Copies one set of weights to another, running statistics included.
    func copy(_ source: WeightSet, to target: WeightSet) throws

    /// Drops kept weights; not for `current`.
    func forget(_ weights: WeightSet)

    /// Moves the average a fraction `part` of the way to the current weights; running statistics are averaged as well.
    func follow(part: Double) throws

    /// The names of the optimizer's moments, arrays with a number for each learned value.
    var moments: [String] { get }

    /// The number of optimizer updates so far.
    var updates: Int { get set }

    /// A copy of an array.
    func pull(_ array: LearnerArray) throws -> [Float]

    /// Overwrites an array; `values` must have the array's size.
    func push(_ values: [Float], to array: LearnerArray) throws

    /// Plans predictions with a set of weights, which each `refresh` reads again.
    func makeInference(
        of weights: WeightSet, input: Shape, statistics: BatchNormStatistics
    ) throws -> any Inference

    /// Runs one step on the batch that was loaded last and returns the time of each operation.
    func profile() throws -> [OperationTime]

    /// Bytes of memory that it uses.
    var byteCount: Int { get }
}

extension Learner {
    /// Learns from the batch that was loaded last: forward, loss, backward, update; returns the loss before the update.
    ///
    /// If the loss isn't finite, there is no update.
    package func step(rate: Double) throws -> Double {
        let loss = try evaluate()
        if loss.isFinite { try update(rate: rate) }
        return loss
    }
}
