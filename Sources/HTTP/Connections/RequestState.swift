import Synchronization

/// One request's life, from its first line until its reply has left.
final class RequestState: Sendable {
    enum Stage: Sendable {
        /// Only the request line is known.
        case announced
        case receiving(Responder.Admission, BodyReceiver)
        /// The connection sleeps while the reply is being made.
        case answering
        case answered(Reply)
    }

    /// A response, and where its chunks come from if it is a stream.
    struct Reply: Sendable {
        let response: Response
        let stream: StreamBuffer?
    }

    private struct State {
        var stage = Stage.announced
        /// The connection's socket, while it is open.
        var socket: CInt?
        var isOver = false
        var isComplete = false
        var isRefusedEarly = false
        var lingering: CInt?
        var waiter: CheckedContinuation<Void, Never>?
    }

    /// The request target as sent; `nil` where it is not UTF-8.
    let target: String?
    let started = ContinuousClock.now
    private let state = Mutex(State())

    init(target: String?) {
        self.target = target
    }

    var stage: Stage { state.withLock { $0.stage } }

    func enter(_ stage: Stage) { state.withLock { $0.stage = stage } }

    /// Whether the reply is being made, or comes as a stream.
    var isAtWork: Bool {
        switch stage {
        case .answering: true
        case .answered(let reply): reply.stream != nil
        case .announced, .receiving: false
        }
    }

    /// From now on the socket may be asked about.
    func open(_ socket: CInt) { state.withLock { $0.socket = socket } }

    /// The reply leaves before the body came; the connection cannot be used again.
    func refuseEarly() {
        state.withLock { state in
            state.isRefusedEarly = true
            state.stage = .answering
        }
    }

    var isRefusedEarly: Bool { state.withLock { $0.isRefusedEarly } }

    /// Whether the reply left whole.
    var isComplete: Bool { state.withLock { $0.isComplete } }

    /// Whether the client has left.
    var isDeserted: Bool {
        state.withLock { state in state.isOver || state.socket.map(Peer.isGone) ?? false }
    }

    /// Cuts the connection if it is still open.
    func sever() {
        state.withLock { state in if let socket = state.socket { Peer.sever(socket) } }
    }

    /// The reply has left, or the client has.
    ///
    /// Called while the socket is still open.
    ///
    /// - Returns: Whether a request had begun.
    func end(isComplete: Bool) -> Bool {
        let (waiter, stream, hadBegun) = state.withLock { state in
            defer {
                state.waiter = nil
                state.stage = .answering
                state.socket = nil
            }
            state.isOver = true
            state.isComplete = isComplete
            if state.isRefusedEarly { state.lingering = state.socket.flatMap(Peer.duplicate) }
            var stream: StreamBuffer?
            if case .answered(let reply) = state.stage { stream = reply.stream }
            return (state.waiter, stream, state.socket != nil)
        }
        stream?.close()
        waiter?.resume()
        return hadBegun
    }

    /// Waits until the reply has left; when the task is cancelled meanwhile, the connection is cut.
    func waitForEnd() async {
        let mayTakeItsTime = Task.isCancelled  // A last reply, made because of the cancellation: let it leave.
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let isOver = state.withLock { state in
                    if !state.isOver { state.waiter = waiter }
                    return state.isOver
                }
                if isOver { waiter.resume() }
            }
        } onCancel: {
            if !mayTakeItsTime { sever() }
        }
    }

    /// The still open socket of a client that was refused early.
    func takeLingering() -> CInt? {
        state.withLock { state in
            defer { state.lingering = nil }
            return state.lingering
        }
    }
}
