internal import Foundation
import Synchronization

/// The sockets of a server: of its connections, and of clients that were refused before they had sent all.
///
/// What the latter still send is read and dropped for at most five seconds: closing at once would reset the connection,
/// and many clients would not see the reply. They count as connections; where both together were more than the limit,
/// the oldest of them is closed.
final class OpenSockets: Sendable {
    private struct Lingering {
        let socket: CInt
        let end = ContinuousClock.now + .seconds(5)
    }

    private struct State {
        var connections = 0
        /// Oldest first; owned.
        var lingering: [Lingering] = []
        var isOver = false
        var isClosed = false
        var count: Int { connections + lingering.count }
    }

    private let limit: Int
    private let metrics: ServerMetrics
    private let state = Mutex(State())
    private let arrivals: AsyncStream<Void>
    private let arrival: AsyncStream<Void>.Continuation

    init(limit: Int, metrics: ServerMetrics) {
        self.limit = limit
        self.metrics = metrics
        (arrivals, arrival) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        OpenFiles.promise(limit)
    }

    /// Gives back what was kept for connections; to be called when none can come any more.
    func close() {
        state.withLock { state in
            if !state.isClosed { OpenFiles.promise(state.count - limit) }
            state.isClosed = true
        }
    }

    func connectionOpened() {
        metrics.connectionOpened()
        change { state in
            state.connections += 1
            trim(&state, to: limit)
        }
    }

    func connectionClosed() {
        metrics.connectionClosed()
        change { $0.connections -= 1 }
    }

    /// Keeps the socket of a connection that is about to be closed, while its client still sends.
    func linger(_ socket: CInt) {
        change { state in
            guard !state.isOver, let copy = Peer.duplicate(socket) else { return }
            state.lingering.append(Lingering(socket: copy))
            metrics.lingers(1)
            trim(&state, to: limit + 1)  // The connection itself is closed next.
        }
        arrival.yield()
    }

    /// Reads what refused clients still send, until its task is cancelled.
    func run() async {
        for await _ in arrivals {
            while sweep() {
                do { try await Task.sleep(for: .milliseconds(10)) } catch { break }
            }
        }
        change { state in
            state.isOver = true
            trim(&state, to: state.connections)
        }
    }

    /// Drops what has arrived; whether some sockets are left.
    private func sweep() -> Bool {
        for socket in state.withLock({ $0.lingering.map(\.socket) }) {
            change { state in
                guard let place = state.lingering.firstIndex(where: { $0.socket == socket }),
                    state.lingering[place].end <= .now || !Peer.drop(from: socket)
                else { return }
                close(at: place, of: &state)
            }
        }
        return state.withLock { !$0.lingering.isEmpty }
    }

    private func trim(_ state: inout State, to count: Int) {
        while state.count > count, !state.lingering.isEmpty { close(at: 0, of: &state) }
    }

    private func close(at place: Int, of state: inout State) {
        Foundation.close(state.lingering.remove(at: place).socket)
        metrics.lingers(-1)
    }

    private func change(_ body: (inout State) -> Void) {
        state.withLock { state in
            let before = state.count
            body(&state)
            if !state.isClosed { OpenFiles.promise(before - state.count) }
        }
    }
}
