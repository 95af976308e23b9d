internal import JSON

/// An exponential moving average of the weights over the steps (Polyak and Juditsky 1992).
package struct Averaging: Hashable, Sendable {
    /// The average's factor at each step: 0.99 averages over about a hundred steps.
    package var decay: Double

    package init(decay: Double) { self.decay = decay }

    static let record = JSONRecord<Averaging>(
        "WeightAverage", "An exponential moving average of the weights over the steps.",
        [
            JSONField(
                "decay", \.decay, .number(in: 0...0.99999),
                "The average's factor at each step: 0.99 averages over about a hundred steps")
        ])
}
