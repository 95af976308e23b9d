internal import Foundation
internal import JSON

/// The optimizer, its learning rate and its schedule.
package struct OptimizerSettings: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable { case muon, adam, sgd }
    /// `poly` falls as (1 − t)^0.9 over the budget (nnU-Net); `cosine` as (1 + cos πt) / 2.
    package enum Schedule: String, CaseIterable, Sendable { case constant, poly, cosine }

    package var kind: Kind
    package var rate: Double
    /// For `muon` and `sgd`.
    package var momentum: Double
    /// The weight decay, which is multiplied by the learning rate.
    package var decay: Double
    package var schedule: Schedule

    package init(kind: Kind, rate: Double, momentum: Double, decay: Double, schedule: Schedule) {
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
            JSONField("rate", \.rate, .number(in: 0...10), "The learning rate at the start"),
            JSONField("momentum", \.momentum, .number(in: 0...0.9999), "The momentum of muon and sgd"),
            JSONField(
                "decay", \.decay, .number(in: 0...1), "The weight decay, which is multiplied by the learning rate"),
            JSONField(
                "schedule", \.schedule, .choice,
                "How the rate falls over the budget: not at all, as (1 − t)^0.9, or as (1 + cos πt) / 2"),
        ])
}

extension OptimizerSettings {
    /// The learning rate when a fraction (0 … 1) of the budget is used up.
    package func rate(at used: Double) -> Double {
        let left = 1 - min(max(used, 0), 1)
        switch schedule {
        case .constant: return rate
        case .poly: return rate * pow(max(left, 0.01), 0.9)
        case .cosine: return rate * max((1 - cos(.pi * left)) / 2, 1e-3)
        }
    }
}
