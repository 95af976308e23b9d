import Synchronization

/// Cuts connections that transfer too few bytes per time window, so that a very slow client can't hold one forever.
///
/// The daemon's own time-out starts again with every byte. The window starts again after every request, and does not
/// apply while a reply is computed or streamed.
final class ConnectionWatch: Sendable {
    private struct Entry {
        /// When the window began, and the bytes that the connection had transferred by then.
        var since = ContinuousClock.now
        var moved: UInt64
        /// The connection's current request.
        var state: RequestState?
    }

    private let window: Duration
    private let minimum: UInt64
    /// By socket; an entry is removed while its socket is still open.
    private let entries = Mutex<[CInt: Entry]>([:])

    init(window: Duration, minimumRate: Int) {
        self.window = window
        minimum = UInt64(max(minimumRate, 0)) * UInt64(window.components.seconds)
    }

    func open(_ socket: CInt) { entries.withLock { $0[socket] = Entry(moved: 0) } }

    func close(_ socket: CInt) { entries.withLock { $0[socket] = nil } }

    func begin(_ state: RequestState, on socket: CInt) {
        entries.withLock { $0[socket]?.state = state }
    }

    func end(on socket: CInt) {
        entries.withLock { $0[socket] = Entry(moved: Peer.moved(socket) ?? 0) }
    }

    /// Checks the connections until its task is cancelled.
    func run() async {
        guard minimum > 0 else { return }
        while (try? await Task.sleep(for: min(window / 4, .seconds(1)))) != nil { sweep() }
    }

    private func sweep() {
        let now = ContinuousClock.now
        entries.withLock { entries in
            for (socket, entry) in entries {
                let isAtWork = entry.state?.isAtWork == true
                guard isAtWork || entry.since.duration(to: now) >= window else { continue }
                let moved = Peer.moved(socket) ?? .max
                if !isAtWork, moved - min(entry.moved, moved) < minimum { Peer.sever(socket) }
                entries[socket]?.since = now
                entries[socket]?.moved = moved
            }
        }
    }
}
