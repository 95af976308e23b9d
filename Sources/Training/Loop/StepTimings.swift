internal import Foundation
internal import Synchronization

/// Measured step times: they turn a budget in seconds into a number of steps before the first step, so that the result
/// depends on the seed and not on the clock.
///
/// Shared by the trainings of a process; not stored.
package final class StepTimings: Sendable {
    /// What follows the last step of a training.
    package struct Ending: Codable, Hashable, Sendable {
        /// Its time until the result, as a share of what was reckoned.
        package var share = 1.0
        /// The seconds from the result until the model is stored.
        package var storing = 0.0

        package init(share: Double = 1, storing: Double = 0) {
            self.share = share
            self.storing = storing
        }
    }

    private struct State {
        /// The number of steps of equal trainings.
        var steps: [Training: Int] = [:]
        /// The mean seconds per step of each kind, over its last whole training.
        var usual: [Kind: Double] = [:]
        /// What followed the last step of each kind's last training.
        var endings: [Kind: Ending] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// Stores the mean seconds per step of a whole training, measurements on held-out slices included.
    package func note(_ seconds: Double, of kind: Kind) { state.withLock { $0.usual[kind] = seconds } }

    /// The last value given to `note`; nil before the first training of the kind.
    package func usual(of kind: Kind) -> Double? { state.withLock { $0.usual[kind] } }

    /// Stores what followed the last step of a training until its result, as a share of what was reckoned.
    package func note(ending share: Double, of kind: Kind) {
        // Whatever held a training up at its end, the next one isn't planned as if that were usual.
        state.withLock { $0.endings[kind, default: Ending()].share = min(max(share, 0.1), 1.5) }
    }

    /// Stores the seconds from a training's result until its model was stored.
    package func note(storing seconds: Double, of kind: Kind) {
        state.withLock { $0.endings[kind, default: Ending()].storing = seconds }
    }

    /// What followed the last step of the last training of a kind; nil before the first.
    package func ending(of kind: Kind) -> Ending? { state.withLock { $0.endings[kind] } }

    /// The number of steps of an equal training, if the time holds it well; else the number of a series that is nearest
    /// to `count`, the steps that are wanted, so that repeating a training, or measuring its pace again, usually repeats
    /// its number.
    package func plan(_ count: Double, within fitting: ClosedRange<Double>, for training: Training) -> Int {
        state.withLock { state in
            if let before = state.steps[training], fitting.contains(Double(before)) { return before }
            let steps = Self.rounded(count)
            state.steps[training] = steps
            return steps
        }
    }

    /// The nearest of 24 numbers in each decade, which are about a tenth apart; whole numbers below 20.
    package static func rounded(_ count: Double) -> Int {
        guard count >= 20 else { return max(Int(count.rounded()), 1) }
        let place = (log10(count) * 24).rounded()
        let power = pow(10, (place / 24).rounded(.down) - 1)
        return Int((pow(10, place / 24) / power).rounded() * power)
    }
}
