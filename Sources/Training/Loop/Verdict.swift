/// The answer of a progress closure.
package enum Verdict: Sendable {
    case proceed
    /// End the training now and keep its result so far.
    case stop
}
