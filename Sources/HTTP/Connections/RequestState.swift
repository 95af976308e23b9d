import Synchronization

/// The state of one request, from its first line until its reply is sent.
final class RequestState: Sendable {
    enum Stage: Sendable {
        /// Only the request line is known.
        case announced
        /// The connection is suspended while the gates are asked.
        case admitting
        /// The gates have admitted the request; its body may arrive.
        case admitted(Responder.Admission, BodyReceiver)
        case receiving(Responder.Admission, BodyReceiver)
        /// The connection is suspended while the reply is computed.
        case answering
        case answered(Reply)
    }

    /// A response, and the buffer of its chunks if it is a stream.
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
        var isFirstCallDue = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    let target: RequestTarget
    let started = ContinuousClock.now
    private let state = Mutex(State())

    init(target: RequestTarget) {
        self.target = target
    }

    var stage: Stage { state.withLock { $0.stage } }

    func enter(_ stage: Stage) { state.withLock { $0.stage = stage } }

    /// Whether the request is being admitted, its reply is being computed, or is a stream.
    var isAtWork: Bool {
        switch stage {
        case .admitting, .answering: true
        case .answered(let reply): reply.stream != nil
        case .announced, .admitted, .receiving: false
        }
    }

    /// Stores the connection's socket.
    func open(_ socket: CInt) { state.withLock { $0.socket = socket } }

    /// Marks the connection as suspended in libmicrohttpd's first call for the request, which is repeated afterwards.
    func sleepInFirstCall() {
        state.withLock { state in
            state.stage = .admitting
            state.isFirstCallDue = true
        }
    }

    /// Whether this is the repeated first call; true once.
    func takeFirstCall() -> Bool {
        state.withLock { state in
            defer { state.isFirstCallDue = false }
            return state.isFirstCallDue
        }
    }

    /// Marks the request as refused before its body has arrived; the connection cannot be used again.
    func refuseEarly() {
        state.withLock { state in
            state.isRefusedEarly = true
            state.stage = .answering
        }
    }

    var isRefusedEarly: Bool { state.withLock { $0.isRefusedEarly } }

    /// Whether the whole reply was sent.
    var isComplete: Bool { state.withLock { $0.isComplete } }

    /// Whether the client has disconnected.
    var isClientGone: Bool {
        state.withLock { state in state.isOver || state.socket.map(Peer.isGone) ?? false }
    }

    /// Cuts the connection if it is still open.
    func sever() {
        state.withLock { state in if let socket = state.socket { Peer.sever(socket) } }
    }

    /// Ends the request: the reply was sent, or the client has disconnected.
    ///
    /// The socket must still be open.
    ///
    /// - Returns: Whether the request's head had arrived.
    func end(isComplete: Bool) -> Bool {
        let (waiter, stream, hadBegun) = state.withLock { state in
            defer {
                state.waiter = nil
                state.stage = .answering
                state.socket = nil
            }
            state.isOver = true
            state.isComplete = isComplete
            var stream: StreamBuffer?
            if case .answered(let reply) = state.stage { stream = reply.stream }
            return (state.waiter, stream, state.socket != nil)
        }
        stream?.close()
        waiter?.resume()
        return hadBegun
    }

    /// Waits until the reply is sent; if the task is cancelled meanwhile, the connection is cut.
    func waitForEnd() async {
        let isLastReply = Task.isCancelled  // A reply that was made because of the cancellation is still sent.
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let isOver = state.withLock { state in
                    if !state.isOver { state.waiter = waiter }
                    return state.isOver
                }
                if isOver { waiter.resume() }
            }
        } onCancel: {
            if !isLastReply { sever() }
        }
    }
}
