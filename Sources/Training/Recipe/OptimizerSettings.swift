/// Which optimizer takes the steps and how long they are.
package struct OptimizerSettings: Codable, Hashable, Sendable {
    package enum Kind: String, CaseIterable, Codable, Sendable { case muon, adam, sgd }
    /// `poly` falls as (1 − t)^0.9 over the budget (nnU-Net); `cosine` as (1 + cos πt) / 2.
    package enum Schedule: String, CaseIterable, Codable, Sendable { case constant, poly, cosine }

    package var kind: Kind
    package var rate: Double
    /// Of `muon` and `sgd`.
    package var momentum: Double
    /// Decay of the weights, in units of the rate.
    package var decay: Double
    package var schedule: Schedule

    package init(kind: Kind, rate: Double, momentum: Double, decay: Double, schedule: Schedule) {
        self.kind = kind
        self.rate = rate
        self.momentum = momentum
        self.decay = decay
        self.schedule = schedule
    }
}
