internal import Foundation
internal import Synchronization

/// Measured step times: they turn a budget in seconds into a number of steps before the first step, so that the result
/// depends on the seed and not on the clock.
///
/// Shared by the trainings of a process; not stored.
package final class StepTimings: Sendable {
    /// A number of steps, and whether an equal training took it.
    package struct Plan: Equatable, Sendable {
        package var steps: Int
        package var isRepeated: Bool

        package init(steps: Int, isRepeated: Bool) {
            self.steps = steps
            self.isRepeated = isRepeated
        }
    }

    private struct State {
        /// The number of steps of equal trainings.
        var steps: [Training: Int] = [:]
        /// The seconds of the fastest step of each kind, by the shape of its patch.
        var fastest: [Kind: [PatchShape: Double]] = [:]
        /// The mean seconds per step of each kind, over its last whole training.
        var usual: [Kind: Double] = [:]
    }

    /// The number of steps that are timed after the first, if they take no more than a twentieth of the seconds.
    static let timed = 12
    /// The fraction of the seconds that is planned if only a few steps were timed; the rest is for later slowdowns.
    private static let share = 0.88
    /// The fraction of the seconds that is planned if whole trainings were timed.
    private static let shareOfUsual = 0.95
    /// The fraction of the seconds that a training that repeats another may take.
    static let allowance = 1.05
    private let state = Mutex(State())

    package init() {}

    /// Stores the mean seconds per step of a whole training, measurements on held-out slices included.
    package func note(_ seconds: Double, of kind: Kind) { state.withLock { $0.usual[kind] = seconds } }

    /// The last value given to `note`; nil before the first training of the kind.
    package func usual(of kind: Kind) -> Double? { state.withLock { $0.usual[kind] } }

    /// The lesser of `seconds` and the fastest step of this kind so far.
    ///
    /// Otherwise a short disturbance of the timing would cut the training short; a training that stays slow goes by the
    /// clock.
    package func fastest(_ seconds: Double, of kind: Kind, taking shape: PatchShape) -> Double {
        state.withLock { state in
            let least = min(seconds, state.fastest[kind]?[shape] ?? seconds)
            state.fastest[kind, default: [:]][shape] = least
            return least
        }
    }

    /// Steps of `each` seconds that fit into `seconds`.
    ///
    /// If only a few steps were timed, the number is rounded down to one of twelve values per decade, so that repeated
    /// measurements of the same pace usually give the same number; a `usual` pace is rounded down to two digits.
    /// The number of steps of an equal training is used again if it still fits, or nearly, and takes at least two
    /// thirds of the time, so that repeating a training repeats its result.
    package func plan(
        in seconds: Double, each: Double, usual: Bool = false, for training: Training
    ) -> Plan {
        let all = seconds / max(each, 1e-6)
        let possible = max(all * (usual ? Self.shareOfUsual : Self.share), 1)
        return state.withLock { state in
            if let before = state.steps[training],
                0.66...(usual ? Self.allowance : 0.906) ~= Double(before) / max(all, 1)
            {
                return Plan(steps: before, isRepeated: true)
            }
            let steps = Self.rounded(possible, finely: usual)
            state.steps[training] = steps
            return Plan(steps: steps, isRepeated: false)
        }
    }

    /// Rounds down to a power of ten times a number of the series 10, 12, 15, 18, … 82, or `finely` 10, 11, 12, … 99.
    package static func rounded(_ count: Double, finely: Bool = false) -> Int {
        guard count >= 10 else { return max(Int(count), 1) }
        let power = pow(10, log10(count).rounded(.down) - 1)
        let digits = count / power + 1e-9
        let row = [10, 12, 15, 18, 22, 27, 33, 39, 47, 56, 68, 82]
        return (finely ? Int(digits) : row.last { Double($0) <= digits } ?? 10) * Int(power.rounded())
    }
}
