internal import Foundation
internal import Synchronization

/// Threads that compute without end, as another program's would, until this is released.
final class BusyThreads {
    private final class Stop: Sendable {
        let isAsked = Atomic(false)
    }

    private let stop = Stop()

    init(_ count: Int) {
        for _ in 0..<count {
            let thread = Thread { [stop] in
                var value = 1.0
                while !stop.isAsked.load(ordering: .relaxed) {
                    for _ in 0..<10_000 { value = value * 0.999_999 + 1e-9 }
                    // Read, so that the loop is not left out.
                    if value.isNaN { return }
                }
            }
            thread.start()
        }
    }

    deinit { stop.isAsked.store(true, ordering: .relaxed) }
}
