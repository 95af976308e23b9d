import Synchronization

/// A bounded buffer of chunks between the task that produces them and the thread that sends them.
final class StreamBuffer: ChunkWriter {
    /// How a stream ends: complete, or with the connection cut, so that the client notices.
    enum End { case complete, cut }

    /// What the sender gets when it asks for bytes.
    enum Supply: Equatable { case bytes(ArraySlice<UInt8>), nothingYet, complete, cut }

    fileprivate struct State {
        var chunks: [[UInt8]] = []
        /// Bytes of the first chunk that were sent.
        var offset = 0
        var unsent = 0
        var sent = 0
        var end: End?
        var isClosed = false
        var isSenderAsleep = false
        var writers: [CheckedContinuation<Void, Never>] = []
        var lastWrite = ContinuousClock.now
    }

    private enum Offer { case taken(wake: Bool), full, closed }

    private static let limit = 262_144
    private let state = Mutex(State())
    private let wakeSender: @Sendable () -> Void

    /// - Parameter wakeSender: Called when there is something to send after `take` returned `nothingYet`.
    init(wakeSender: @escaping @Sendable () -> Void) {
        self.wakeSender = wakeSender
    }

    // MARK: - Producing

    func write(_ chunk: [UInt8]) async throws {
        guard !chunk.isEmpty else { return }
        while true {
            try Task.checkCancellation()
            switch offer(chunk) {
            case .taken: return
            case .closed: throw CancellationError()
            case .full: await room()
            }
        }
    }

    /// Adds a chunk if everything was sent and nothing was written for the interval.
    func writeIfIdle(_ chunk: [UInt8], for interval: Duration) {
        let isIdle = state.withLock { $0.unsent == 0 && $0.lastWrite.duration(to: .now) >= interval }
        if isIdle { _ = offer(chunk) }
    }

    func finish(_ end: End) {
        let wake = state.withLock { state in
            if state.end == nil { state.end = end }
            return state.endSleep()
        }
        if wake { wakeSender() }
    }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    private func offer(_ chunk: [UInt8]) -> Offer {
        let offer: Offer = state.withLock { state in
            if state.isClosed || state.end != nil { return .closed }
            guard state.unsent < StreamBuffer.limit else { return .full }
            state.chunks.append(chunk)
            state.unsent += chunk.count
            state.lastWrite = .now
            return .taken(wake: state.endSleep())
        }
        if case .taken(wake: true) = offer { wakeSender() }
        return offer
    }

    private func room() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { writer in
                let isWaiting = state.withLock { state in
                    guard state.unsent >= StreamBuffer.limit, !state.isClosed, !Task.isCancelled else { return false }
                    state.writers.append(writer)
                    return true
                }
                if !isWaiting { writer.resume() }
            }
        } onCancel: {
            wakeWriters()
        }
    }

    private func wakeWriters() {
        for writer in state.withLock({ $0.takeWriters() }) { writer.resume() }
    }

    // MARK: - Sending

    /// Bytes that have been handed to the sender.
    var sent: Int { state.withLock { $0.sent } }

    /// The next bytes of the first chunk; if there are none yet, calls `sleep` before the sender can be woken.
    func take(atMost count: Int, sleep: () -> Void) -> Supply {
        let (supply, writers) = state.withLock { state -> (Supply, [CheckedContinuation<Void, Never>]) in
            if let piece = state.next(atMost: count) {
                return (.bytes(piece), state.unsent < StreamBuffer.limit ? state.takeWriters() : [])
            }
            switch state.end {
            case .complete: return (.complete, [])
            case .cut: return (.cut, [])
            case nil:
                state.isSenderAsleep = true
                sleep()
                return (.nothingYet, [])
            }
        }
        for writer in writers { writer.resume() }
        return supply
    }

    /// Ends the buffer because the client has disconnected: writers then throw.
    func close() {
        state.withLock { state in
            state.isClosed = true
            state.isSenderAsleep = false
        }
        wakeWriters()
    }
}

extension StreamBuffer.State {
    fileprivate mutating func endSleep() -> Bool {
        defer { isSenderAsleep = false }
        return isSenderAsleep
    }

    fileprivate mutating func takeWriters() -> [CheckedContinuation<Void, Never>] {
        defer { writers = [] }
        return writers
    }

    fileprivate mutating func next(atMost count: Int) -> ArraySlice<UInt8>? {
        guard let chunk = chunks.first else { return nil }
        let piece = chunk[offset...].prefix(count)
        offset += piece.count
        if offset == chunk.count {
            chunks.removeFirst()
            offset = 0
        }
        unsent -= piece.count
        sent += piece.count
        return piece
    }
}
