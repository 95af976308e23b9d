/// A learner whose values lie in the host's memory and can be updated part by part, so that ranks can share its work.
package protocol SharedLearner: Learner {
    /// The learned values in parts, in the order in which the backward pass completes their gradients.
    var parts: [LearnedPart] { get }

    /// As `evaluate`; `progress` is called between the operations of the backward pass, with the number of the first parts
    /// whose gradients are complete.
    func evaluate(progress: (Int) -> Void) throws -> Double

    /// Updates a part by its gradients, as part of the update that `updates` counts.
    func update(rate: Double, only range: Range<Int>) throws

    /// Where an array lies until another batch is loaded.
    func values(of array: LearnerArray) -> UnsafeMutableBufferPointer<Float>
}
