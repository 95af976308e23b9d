internal import Foundation
internal import Synchronization

/// What steps have taken so far: turns a budget in seconds into a number of steps before the first one is taken, so that
/// the seed and not the clock decides what is learned.
///
/// Shared by the trainings of a process; a new one knows nothing.
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
        /// Steps that equal trainings came to.
        var steps: [Training: Int] = [:]
        /// Seconds of the fastest step of each kind, by the patch it takes.
        var fastest: [Kind: [PatchShape: Double]] = [:]
        /// Seconds of a step of each kind, on average over the last whole training of it.
        var usual: [Kind: Double] = [:]
    }

    /// Steps that are timed after the first, if they take no more than a twentieth of the seconds.
    static let timed = 12
    /// The part of the seconds that steps may take of which only a few were timed; the rest is for what is slower later.
    private static let share = 0.88
    /// That part where whole trainings have shown what a step takes.
    private static let shareOfUsual = 0.95
    /// The part of the seconds that may be used by a training that repeats another.
    static let allowance = 1.05
    private let state = Mutex(State())

    package init() {}

    /// Notes what a step took on average over a whole training, measurements on held-out slices included.
    package func note(_ seconds: Double, of kind: Kind) { state.withLock { $0.usual[kind] = seconds } }

    /// What `note` was told last; nil before the first training of the kind.
    package func usual(of kind: Kind) -> Double? { state.withLock { $0.usual[kind] } }

    /// The seconds of a step, or fewer where one of its kind took fewer before: what disturbs a machine for the moment
    /// of the timing would cut the training short, while one that is slow to its end follows the clock.
    package func fastest(_ seconds: Double, of kind: Kind, taking shape: PatchShape) -> Double {
        state.withLock { state in
            let least = min(seconds, state.fastest[kind]?[shape] ?? seconds)
            state.fastest[kind, default: [:]][shape] = least
            return least
        }
    }

    /// Steps of `each` seconds that fit into `seconds`.
    ///
    /// Of steps of which a few were timed, the number is rounded down to one of twelve in a decade: the coarser, the less
    /// often two measurements of one pace end at different numbers, and the more time is left. Of `usual` ones it is
    /// rounded down to two digits.
    /// The number that an equal training came to is taken again if it still fits, or nearly, and spends two thirds of the
    /// time or more, so that repeating a training repeats its result.
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

    /// The largest number of the row 10, 12, 15, 18, … 82 times a power of ten that is not larger; `finely`, of the row
    /// 10, 11, 12, … 99.
    package static func rounded(_ count: Double, finely: Bool = false) -> Int {
        guard count >= 10 else { return max(Int(count), 1) }
        let power = pow(10, log10(count).rounded(.down) - 1)
        let digits = count / power + 1e-9
        let row = [10, 12, 15, 18, 22, 27, 33, 39, 47, 56, 68, 82]
        return (finely ? Int(digits) : row.last { Double($0) <= digits } ?? 10) * Int(power.rounded())
    }
}
