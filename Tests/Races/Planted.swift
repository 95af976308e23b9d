// Two threads count: without a lock if the argument is `bare`, in a lock if it is `guarded`, and if it is `copied` in a lock
// from which they take copies that they read outside. If it is `empty`, they make empty arrays.
//
// Scripts/race_checks shows by it that the sanitizer sees the first of these as a race, and only that.
import Foundation
import Synchronization

final class Tally: Sendable {
    let guarded = Mutex([0, 0])
    nonisolated(unsafe) var bare = 0

    func count(_ kind: String?) {
        for turn in 0..<5_000 {
            switch kind {
            case "guarded": guarded.withLock { $0[0] += 1 }
            case "copied": if guarded.withLock(\.self)[0] >= 0 { guarded.withLock { $0[0] += 1 } }
            case "empty": precondition([Int](unsafeUninitializedCapacity: turn % 2) { $1 = $0.count }.count <= turn)
            default: bare += 1
            }
        }
    }
}

let kind = CommandLine.arguments.last
let tally = Tally()
let ended = DispatchSemaphore(value: 0)
for _ in 0..<2 {
    Thread.detachNewThread {
        tally.count(kind)
        ended.signal()
    }
}
for _ in 0..<2 { ended.wait() }
