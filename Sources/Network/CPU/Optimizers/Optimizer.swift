/// Updates parameters from their gradients; its state can be stored and restored.
package protocol Optimizer: AnyObject {
    /// Updates the learned parameters once; `rate` is the learning rate of this step.
    func update(_ parameters: Parameters, gradients: Parameters, rate: Double) throws

    /// The number of updates so far.
    var steps: Int { get set }

    /// The optimizer's state by name: arrays as long as the learned parameters.
    var moments: [(name: String, values: UnsafeMutableBufferPointer<Float>)] { get }
}
