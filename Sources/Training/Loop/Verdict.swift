/// What the one who listens to progress wants.
package enum Verdict: Sendable {
    case goOn
    /// End now and keep what is there.
    case stop
}
