import Synchronization
import TestSupport

/// Keeps connections open across threads, for clients that do not leave.
final class RawConnectionHolder: Sendable {
    private struct Kept: @unchecked Sendable {
        var connections: [RawConnection] = []
    }

    private let kept = Mutex(Kept())

    func keep(_ connection: RawConnection) {
        let one = Kept(connections: [connection])
        kept.withLock { $0.connections += one.connections }
    }

    func drop() { kept.withLock { $0.connections = [] } }
}
