package import Dispatch
internal import Foundation
internal import Synchronization

/// Writes lines to a descriptor on a thread of its own, so that a reader that stalls or leaves stops nobody.
///
/// Lines for which there is no room, or which can't be written, are dropped and counted; once there is room again, a
/// line says how many they were.
package final class LogWriter: Sendable {
    private struct State {
        var lines: [String] = []
        var bytes = 0
        /// Lines that no line has told of yet.
        var untold = 0
        var dropped = 0
        var isClosed = false

        mutating func drop(_ count: Int) {
            untold += count
            dropped += count
        }
    }

    private let descriptor: CInt
    private let capacity: Int
    private let note: @Sendable (Int) -> String
    private let state = Mutex(State())
    private let isWanted = DispatchSemaphore(value: 0)
    private let isDone = DispatchSemaphore(value: 0)

    /// `capacity` are the bytes that may wait; `note` makes the line about a number of dropped lines.
    package init(descriptor: CInt, capacity: Int = 1 << 20, note: @escaping @Sendable (Int) -> String) {
        self.descriptor = descriptor
        self.capacity = capacity
        self.note = note
        Thread.detachNewThread { self.run() }
    }

    /// Lines dropped so far.
    package var dropped: Int { state.withLock { $0.dropped } }

    /// Adds a line, without its line break; never waits.
    package func write(_ line: String) {
        state.withLock { state in
            guard state.bytes + line.utf8.count < capacity else { return state.drop(1) }
            state.bytes += line.utf8.count + 1
            state.lines.append(line)
        }
        isWanted.signal()
    }

    /// Ends the thread once all lines are written; waits for that, but no longer than this.
    package func close(within time: DispatchTimeInterval) {
        state.withLock { $0.isClosed = true }
        isWanted.signal()
        _ = isDone.wait(timeout: .now() + time)
    }

    private func run() {
        // A reader that has left is an error of `write`, not the end of the process.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        while true {
            isWanted.wait()
            let (lines, untold, isClosed) = state.withLock { state in
                defer {
                    state.lines = []
                    state.bytes = 0
                    state.untold = 0
                }
                return (state.lines, state.untold, state.isClosed)
            }
            for line in lines where !put(line) { state.withLock { $0.drop(1) } }
            if untold > 0, !put(note(untold)) { state.withLock { $0.untold += untold } }
            if isClosed { break }
        }
        isDone.signal()
    }

    /// Writes one line in one call, where the system lets it, so that lines of several programs don't mix.
    private func put(_ line: String) -> Bool {
        let bytes = Array((line + "\n").utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                sent += count
            } else if count < 0, errno == EAGAIN {
                var query = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&query, 1, 1000)
            } else if count == 0 || errno != EINTR {
                return false
            }
        }
        return true
    }
}
