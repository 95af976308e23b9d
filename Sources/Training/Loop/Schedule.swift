internal import Foundation

extension OptimizerSettings {
    /// The learning rate when a part of the budget, 0 … 1, is used up.
    package func rate(at used: Double) -> Double {
        let left = 1 - min(max(used, 0), 1)
        switch schedule {
        case .constant: return rate
        case .poly: return rate * pow(max(left, 0.01), 0.9)
        case .cosine: return rate * max((1 - cos(.pi * left)) / 2, 1e-3)
        }
    }
}
