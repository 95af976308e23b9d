/// Where a trial stands.
package enum TrialProgress: Sendable {
    case training(TrainingProgress)
    /// The part of the prediction that is done, and the training before it.
    case predicting(Double, steps: Int)
}
