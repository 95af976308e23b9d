internal import Foundation
internal import Synchronization

/// Turns a budget in seconds into a number of steps before the first one is taken, so that the seed and not the clock
/// decides what is learned.
package enum Pace {
    /// Steps that are timed, after one that is not.
    static let timed = 5
    /// The part of the seconds that the steps may take; the rest is for what is slower later.
    static let share = 0.95
    /// Steps that equal trainings of this process came to.
    private static let known = Mutex<[String: Int]>([:])

    /// Steps of `each` seconds that fit into `seconds`, rounded down to two digits with at most a tenth between
    /// neighbours.
    ///
    /// The number that a training of the same `key` came to is taken again if it still fits and spends four fifths
    /// of the time or more, so that repeating a training repeats its result.
    static func steps(in seconds: Double, each: Double, key: String) -> Int {
        let possible = max(share * seconds / max(each, 1e-6), 1)
        return known.withLock { known in
            if let before = known[key], 0.8...1.03 ~= Double(before) / possible { return before }
            let steps = rounded(possible)
            known[key] = steps
            return steps
        }
    }

    /// The largest number of the row 10, 11, 12, 13, 15, 16, 18, … 91 times a power of ten that is not larger.
    package static func rounded(_ count: Double) -> Int {
        guard count >= 10 else { return max(Int(count), 1) }
        let power = pow(10, log10(count).rounded(.down) - 1)
        let digits = count / power
        let row = [10, 11, 12, 13, 15, 16, 18, 20, 22, 24, 27, 30, 33, 36, 39, 43, 47, 51, 56, 62, 68, 75, 82, 91]
        return (row.last { Double($0) <= digits + 1e-9 } ?? 10) * Int(power.rounded())
    }
}
