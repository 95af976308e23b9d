/// Moves parameters against their gradients; what it remembers can be stored and restored.
package protocol Optimizer: AnyObject {
    /// One update of the learned parameters; `rate` is the learning rate of this step.
    func update(_ parameters: Parameters, gradients: Parameters, rate: Double) throws

    /// Updates so far.
    var steps: Int { get set }

    /// What it remembers besides: arrays as long as the learned parameters, by name.
    var moments: [(name: String, values: UnsafeMutableBufferPointer<Float>)] { get }
}
