internal import JSON

/// Weights averaged over the steps, with exponentially less say for older ones (Polyak and Juditsky 1992).
package struct Averaging: Hashable, Sendable {
    /// The say of the average so far at each step: 0.99 looks back about a hundred steps.
    package var decay: Double

    package init(decay: Double) { self.decay = decay }

    static let record = JSONRecord<Averaging>([JSONField("decay", \.decay, .number(in: 0...0.99999))])
}
