internal import Foundation
internal import Synchronization

/// Turns a budget in seconds into a number of steps before the first one is taken, so that the seed and not the clock
/// decides what is learned.
package enum Pace {
    /// A number of steps, and whether an equal training took it.
    package struct Plan: Equatable, Sendable {
        package var steps: Int
        package var isRepeated: Bool

        package init(steps: Int, isRepeated: Bool) {
            self.steps = steps
            self.isRepeated = isRepeated
        }
    }

    /// Steps that are timed after the first, if they take no more than a twentieth of the seconds.
    static let timed = 12
    /// The part of the seconds that steps may take of which only a few were timed; the rest is for what is slower later.
    private static let share = 0.88
    /// That part where whole trainings have shown what a step takes.
    private static let shareOfUsual = 0.95
    /// The part of the seconds that may be used by a training that repeats another.
    static let allowance = 1.05
    /// Steps that equal trainings of this process came to.
    private static let known = Mutex<[String: Int]>([:])
    /// Seconds of the fastest step of each kind in this process.
    private static let fastest = Mutex<[String: Double]>([:])
    /// Seconds of a step of each kind, on average over the last whole training of it in this process.
    private static let usual = Mutex<[String: Double]>([:])

    /// Notes what a step took on average over a whole training, measurements on held-out slices included.
    package static func note(_ seconds: Double, key: String) { usual.withLock { $0[key] = seconds } }

    /// What `note` was told last; nil before the first training of the kind.
    package static func usual(key: String) -> Double? { usual.withLock { $0[key] } }

    /// The seconds of a step, or fewer where one of its `key` took fewer before: what disturbs a machine for the moment
    /// of the timing would cut the training short, while one that is slow to its end follows the clock.
    package static func fastest(_ seconds: Double, key: String) -> Double {
        fastest.withLock { fastest in
            let least = min(seconds, fastest[key] ?? seconds)
            fastest[key] = least
            return least
        }
    }

    /// Steps of `each` seconds that fit into `seconds`.
    ///
    /// Of steps of which a few were timed, the number is rounded down to one of twelve in a decade: the coarser, the less
    /// often two measurements of one pace end at different numbers, and the more time is left. Of `usual` ones it is
    /// rounded down to two digits.
    /// The number that a training of the same `key` came to is taken again if it still fits, or nearly, and spends two
    /// thirds of the time or more, so that repeating a training repeats its result.
    package static func plan(in seconds: Double, each: Double, usual: Bool = false, key: String) -> Plan {
        let all = seconds / max(each, 1e-6)
        let possible = max(all * (usual ? shareOfUsual : share), 1)
        return known.withLock { known in
            if let before = known[key], 0.66...(usual ? allowance : 0.906) ~= Double(before) / max(all, 1) {
                return Plan(steps: before, isRepeated: true)
            }
            let steps = rounded(possible, finely: usual)
            known[key] = steps
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
