/// The progress of a trial.
package enum TrialProgress: Sendable {
    case training(TrainingProgress)
    /// The completed fraction of the prediction, and the steps of the training before it.
    case predicting(Double, steps: Int)
}
