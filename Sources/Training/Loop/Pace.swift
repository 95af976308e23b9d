internal import Foundation
internal import Synchronization

/// Turns a budget in seconds into a number of steps before the first one is taken, so that the seed and not the clock
/// decides what is learned.
package enum Pace {
    /// Steps that are timed, after one that is not, if they take no more than a twentieth of the seconds.
    static let timed = 12
    /// The part of the seconds that the steps may take; the rest is for what is slower later.
    static let share = 0.88
    /// Steps that equal trainings of this process came to.
    private static let known = Mutex<[String: Int]>([:])
    /// Seconds of the fastest step of each kind in this process.
    private static let fastest = Mutex<[String: Double]>([:])

    /// The seconds of a step, or fewer where one of its `key` took fewer before: what disturbs a machine for the moment
    /// of the timing would cut the training short, while one that is slow to its end follows the clock.
    package static func fastest(_ seconds: Double, key: String) -> Double {
        fastest.withLock { fastest in
            let least = min(seconds, fastest[key] ?? seconds)
            fastest[key] = least
            return least
        }
    }

    /// Steps of `each` seconds that fit into `seconds`, rounded down to one of twelve numbers in a decade.
    ///
    /// The coarser, the less often two measurements of one pace end at different numbers, and the more time is left.
    /// The number that a training of the same `key` came to is taken again if it still fits and spends four fifths
    /// of the time or more, so that repeating a training repeats its result.
    static func steps(in seconds: Double, each: Double, key: String) -> Int {
        let possible = max(share * seconds / max(each, 1e-6), 1)
        return known.withLock { known in
            if let before = known[key], 0.75...1.03 ~= Double(before) / possible { return before }
            let steps = rounded(possible)
            known[key] = steps
            return steps
        }
    }

    /// The largest number of the row 10, 12, 15, 18, … 82 times a power of ten that is not larger.
    package static func rounded(_ count: Double) -> Int {
        guard count >= 10 else { return max(Int(count), 1) }
        let power = pow(10, log10(count).rounded(.down) - 1)
        let digits = count / power
        let row = [10, 12, 15, 18, 22, 27, 33, 39, 47, 56, 68, 82]
        return (row.last { Double($0) <= digits + 1e-9 } ?? 10) * Int(power.rounded())
    }
}
