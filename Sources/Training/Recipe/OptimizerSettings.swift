internal import Foundation
internal import JSON

/// The optimizer, its learning rate and its schedule.
package struct OptimizerSettings: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable { case muon, adam, sgd }
    /// `poly` falls as (1 − t)^0.9 over the budget (nnU-Net); `cosine` as (1 + cos πt) / 2.
    package enum Schedule: String, CaseIterable, Sendable { case constant, poly, cosine }

    package var kind: Kind
    /// The learning rate at the start; `auto` goes by the number of steps (`startingRate`).
    package var rate: AutoOrFixed<Double>
    /// For `muon` and `sgd`.
    package var momentum: Double
    /// The weight decay, which is multiplied by the learning rate.
    package var decay: Double
    package var schedule: Schedule

    package init(kind: Kind, rate: AutoOrFixed<Double>, momentum: Double, decay: Double, schedule: Schedule) {
        self.kind = kind
        self.rate = rate
        self.momentum = momentum
        self.decay = decay
        self.schedule = schedule
    }

    static let record = JSONRecord<OptimizerSettings>(
        "OptimizerSettings", "The optimizer, its learning rate and its schedule.",
        [
            JSONField("kind", \.kind, .choice, "The optimizer"),
            JSONField(
                "rate", \.rate, JSONSchema<Double>.number(in: 0...10).orAuto,
                "The learning rate at the start; auto: 0.003, and with muon more for trainings from scratch of less than "
                    + "800 steps, up to 0.006 for 200 or less"),
            JSONField("momentum", \.momentum, .number(in: 0...0.9999), "The momentum of muon and sgd"),
            JSONField(
                "decay", \.decay, .number(in: 0...1), "The weight decay, which is multiplied by the learning rate"),
            JSONField(
                "schedule", \.schedule, .choice,
                "How the rate falls over the budget: not at all, as (1 − t)^0.9, or as (1 + cos πt) / 2"),
        ])
}

extension OptimizerSettings {
    /// The rate of trainings that are long enough for the loss to settle.
    private static let usualRate = 3e-3
    /// The number of steps below which the rate has to rise for the same way to be gone.
    private static let usualSteps = 800.0
    /// The most by which it rises: beyond that nothing was won.
    private static let highestRise = 2.0

    /// The learning rate at the start of a training of so many steps, nil if their number is not known yet, with random weights
    /// (`isNew`) or those of a model.
    ///
    /// `auto` with Muon and random weights is 0.003 · √(800 / steps), at least 0.003 and at most 0.006: of 200 steps or fewer
    /// on large volumes with thin structures too little is learned by less, and in a thousand steps on small ones too much by
    /// more (Documentation/Results/History.md). What a model has learned a higher rate would undo.
    package func startingRate(steps: Int?, isNew: Bool) -> Double {
        guard case .auto = rate else { return rate.value ?? Self.usualRate }
        guard kind == .muon, isNew, let steps else { return Self.usualRate }
        let rise = (Self.usualSteps / Double(max(steps, 1))).squareRoot()
        return Self.usualRate * min(max(rise, 1), Self.highestRise)
    }

    /// The learning rate when a fraction (0 … 1) of a training of so many steps is done.
    package func rate(at used: Double, steps: Int?, isNew: Bool) -> Double {
        let rate = startingRate(steps: steps, isNew: isNew)
        let left = 1 - min(max(used, 0), 1)
        switch schedule {
        case .constant: return rate
        case .poly: return rate * pow(max(left, 0.01), 0.9)
        case .cosine: return rate * max((1 - cos(.pi * left)) / 2, 1e-3)
        }
    }
}
