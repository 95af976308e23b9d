/// Updates parameters from their gradients; its state can be stored and restored.
package protocol Optimizer: AnyObject {
    /// Does a part of the update that `steps` counts: that of the learned parameters in a range, which has kernels whole;
    /// `rate` is the learning rate of this step.
    func update(_ parameters: Parameters, gradients: Parameters, rate: Double, only range: Range<Int>) throws

    /// About how long the update of a tensor takes, in multiplications.
    func cost(of tensor: Parameters.Entry) -> Int

    /// The number of updates so far.
    var steps: Int { get set }

    /// The optimizer's state by name: arrays as long as the learned parameters.
    var moments: [(name: String, values: UnsafeMutableBufferPointer<Float>)] { get }
}

extension Optimizer {
    /// Updates the learned parameters once; `rate` is the learning rate of this step.
    package func update(_ parameters: Parameters, gradients: Parameters, rate: Double) throws {
        steps += 1
        try update(parameters, gradients: gradients, rate: rate, only: 0..<parameters.learnedCount)
    }

    /// Element by element: each costs about as much as it takes to read and write it and its moments.
    package func cost(of tensor: Parameters.Entry) -> Int { 32 * tensor.count }
}
