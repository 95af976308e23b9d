internal import CMicrohttpd
internal import Foundation

/// Owns the `MHD_Daemon`, and the dispatcher that its callbacks reach through a raw pointer.
///
/// Must not be destroyed while a connection is suspended, nor on one of its own threads.
struct Daemon: ~Copyable {
    private let raw: OpaquePointer
    private let dispatcher: Unmanaged<RequestDispatcher>
    /// The port that it listens on.
    let port: Int
    /// TLS key and certificate, which libmicrohttpd reads as long as it runs.
    private let secrets: [UnsafeMutablePointer<CChar>]

    init(_ options: ServerOptions, dispatcher: RequestDispatcher) throws(ServerError) {
        let socket = try ListeningSocket(host: options.host, port: options.port)
        var secrets: [UnsafeMutablePointer<CChar>] = []
        if let tls = options.tls {
            for text in [tls.key, tls.certificate] { if let copy = strdup(text) { secrets.append(copy) } }
        }
        let context = Unmanaged.passRetained(dispatcher)
        // Not MHD_USE_EPOLL: it notices a client that disconnects right after its last bytes only by the time-out.
        var flags =
            MHD_USE_INTERNAL_POLLING_THREAD.rawValue | MHD_USE_POLL.rawValue | MHD_USE_ITC.rawValue
            | MHD_ALLOW_SUSPEND_RESUME.rawValue
        if options.tls != nil { flags |= MHD_USE_TLS.rawValue }
        var settings = cmhd_options(
            access: access, completed: completed, announced: announced, connected: connected,
            context: context.toOpaque(),
            socket: socket.descriptor, threads: UInt32(max(2, options.threads)),
            timeout_seconds: UInt32(options.timeoutSeconds), connection_limit: UInt32(options.connectionLimit),
            address_limit: UInt32(options.connectionsPerAddress),
            connection_memory: options.connectionMemory,
            tls_key: UnsafePointer(secrets.first),
            tls_certificate: UnsafePointer(secrets.last))
        guard let started = cmhd_start(UInt32(flags), &settings) else {
            context.release()
            for secret in secrets { free(secret) }
            throw .notStarted
        }
        raw = started
        self.dispatcher = context
        port = socket.port
        self.secrets = secrets
    }

    /// Accepts no more connections.
    func quiesce() {
        let socket = MHD_quiesce_daemon(raw)
        if socket >= 0 { close(socket) }
    }

    deinit {
        MHD_stop_daemon(raw)
        dispatcher.release()
        for secret in secrets { free(secret) }
    }
}

// MARK: - Callbacks, on the daemon's threads

/// A connection was made, or is about to be closed.
private let connected: MHD_NotifyConnectionCallback = { context, raw, _, event in
    guard let context, let raw else { return }
    let dispatcher = Unmanaged<RequestDispatcher>.fromOpaque(context).takeUnretainedValue()
    switch event {
    case .CONNECTION_NOTIFY_STARTED:
        dispatcher.sockets.connectionOpened()
        dispatcher.watch.open(cmhd_socket(raw))
    default:
        dispatcher.sockets.connectionClosed()
        dispatcher.watch.close(cmhd_socket(raw))
    }
}

/// The request line has arrived.
private let announced: cmhd_uri_callback = { context, uri, raw in
    let state = RequestState(target: RequestTarget(uri))
    if let context, let raw {
        Unmanaged<RequestDispatcher>.fromOpaque(context).takeUnretainedValue().watch.begin(state, on: cmhd_socket(raw))
    }
    return Unmanaged.passRetained(state).toOpaque()
}

/// Called when the head has arrived, for every piece of the body, at its end, and after every resume.
private let access: MHD_AccessHandlerCallback = { context, raw, _, method, version, upload, uploadSize, state in
    guard let context, let raw, let method, let uploadSize, let known = state?.pointee else { return .NO }
    let dispatcher = Unmanaged<RequestDispatcher>.fromOpaque(context).takeUnretainedValue()
    let state = Unmanaged<RequestState>.fromOpaque(known).takeUnretainedValue()
    let connection = Connection(raw: raw)
    switch state.stage {
    case .announced:
        dispatcher.begin()
        state.open(cmhd_socket(raw))
        let arrival = RequestArrival(
            method: String(cString: method), target: state.target, isCut: state.target.isCut(before: version),
            headers: connection.headers,
            remoteAddress: connection.remoteAddress, isStopping: dispatcher.isStopping)
        state.sleepInFirstCall()
        connection.sleep(
            until: .arrival(
                ArrivedRequest(arrival: arrival, state: state, dispatcher: dispatcher, wake: connection.wake)),
            state, dispatcher)
    case .admitted(let admission, let body):
        _ = state.takeFirstCall()
        state.enter(.receiving(admission, body))
    case .receiving(_, let body) where uploadSize.pointee > 0:
        body.receive(UnsafeRawBufferPointer(start: upload, count: uploadSize.pointee).bytes)
        uploadSize.pointee = 0
    case .receiving(let admission, let body):
        state.enter(.answering)
        connection.sleep(
            until: .request(
                PendingRequest(
                    admission: admission, body: body, state: state, dispatcher: dispatcher, wake: connection.wake)),
            state, dispatcher)
    case .admitting, .answering:
        break
    case .answered(let reply):
        // A reply queued in the first call would close the connection; the final call follows immediately.
        if state.takeFirstCall(), !state.isRefusedEarly { return .YES }
        guard uploadSize.pointee > 0 else { return connection.send(reply) }
        uploadSize.pointee = 0  // No reply can be queued while a body arrives.
    }
    return .YES
}

/// The reply was sent, or the connection broke; its socket is still open.
private let completed: MHD_RequestCompletedCallback = { context, raw, state, reason in
    guard let context, let known = state?.pointee else { return }
    state?.pointee = nil
    let dispatcher = Unmanaged<RequestDispatcher>.fromOpaque(context).takeUnretainedValue()
    let state = Unmanaged<RequestState>.fromOpaque(known).takeRetainedValue()
    if let raw {
        dispatcher.watch.end(on: cmhd_socket(raw))
        if state.isRefusedEarly { dispatcher.sockets.linger(cmhd_socket(raw)) }
    }
    let hadBegun = state.end(isComplete: reason == .REQUEST_TERMINATED_COMPLETED_OK)
    if hadBegun { dispatcher.end() }
}

// MARK: - Connections

/// Libmicrohttpd's pointer to a connection; the task that answers resumes it; valid until the request is completed.
private struct Connection: @unchecked Sendable {
    let raw: OpaquePointer

    /// Resumes the connection.
    var wake: @Sendable () -> Void { { MHD_resume_connection(raw) } }

    /// Suspends the connection until its request is admitted or answered.
    func sleep(until event: RequestDispatcher.Event, _ state: RequestState, _ dispatcher: RequestDispatcher) {
        MHD_suspend_connection(raw)
        guard !dispatcher.take(event) else { return }
        if case .arrival(let request) = event, request.arrival.hasBody { state.refuseEarly() }
        state.enter(.answered(RequestState.Reply(response: Response(HTTPError.closing), stream: nil)))
        MHD_resume_connection(raw)
    }

    func send(_ reply: RequestState.Reply) -> MHD_Result {
        guard let raw = response(reply) else { return .NO }
        defer { MHD_destroy_response(raw) }
        for field in reply.response.headers.fields {
            MHD_add_response_header(raw, field.name, field.value)
        }
        return MHD_queue_response(self.raw, UInt32(reply.response.status), raw)
    }

    private func response(_ reply: RequestState.Reply) -> OpaquePointer? {
        switch reply.response.body {
        case .stream:
            guard let stream = reply.stream else {  // A HEAD request, whose body is not sent.
                return MHD_create_response_from_callback(cmhd_size_unknown, 1024, { _, _, _, _ in -1 }, nil, nil)
            }
            let feed = Unmanaged.passRetained(Feed(stream: stream, connection: self))
            return MHD_create_response_from_callback(
                cmhd_size_unknown, 32_768, feedStream, feed.toOpaque(), releaseFeed)
        case .file(let file) where !file.range.isEmpty:
            guard let descriptor = file.descriptor() else { return nil }
            return MHD_create_response_from_fd_at_offset64(
                UInt64(file.range.count), descriptor, UInt64(file.range.lowerBound))
        case .bytes(let bytes):
            return bytes.withUnsafeBytes { bytes in
                MHD_create_response_from_buffer(
                    bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress), .RESPMEM_MUST_COPY)
            }
        case .empty, .file:
            return MHD_create_response_from_buffer(0, nil, .RESPMEM_PERSISTENT)
        }
    }

    var headers: Headers {
        var fields: [Headers.Field] = []
        withUnsafeMutablePointer(to: &fields) { fields in
            _ = MHD_get_connection_values_n(raw, .HEADER_KIND, collectField, fields)
        }
        return Headers(fields)
    }

    var remoteAddress: String? { cmhd_peer(raw).flatMap(Peer.name) }
}

private let collectField: MHD_KeyValueIteratorN = { fields, _, name, nameSize, value, valueSize in
    guard let fields else { return .YES }
    // Read by size, so that nothing after a NUL is missed.
    func text(_ start: UnsafePointer<CChar>?, _ size: Int) -> String {
        String(decoding: UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : size), as: UTF8.self)
    }
    let field = Headers.Field(text(name, nameSize), text(value, valueSize))
    fields.assumingMemoryBound(to: [Headers.Field].self).pointee.append(field)
    return .YES
}

// MARK: - Streams

/// What the callback of a streamed reply needs.
private final class Feed: Sendable {
    let stream: StreamBuffer
    let connection: Connection

    init(stream: StreamBuffer, connection: Connection) {
        self.stream = stream
        self.connection = connection
    }
}

private let feedStream: MHD_ContentReaderCallback = { context, _, target, capacity in
    guard let context, let target else { return cmhd_end_with_error }
    let feed = Unmanaged<Feed>.fromOpaque(context).takeUnretainedValue()
    switch feed.stream.take(atMost: capacity, sleep: { MHD_suspend_connection(feed.connection.raw) }) {
    case .bytes(let bytes):
        UnsafeMutableRawBufferPointer(start: target, count: capacity).copyBytes(from: bytes)
        return bytes.count
    case .nothingYet: return 0
    case .complete: return cmhd_end_of_stream
    case .cut: return cmhd_end_with_error
    }
}

private let releaseFeed: MHD_ContentReaderFreeCallback = { context in
    guard let context else { return }
    Unmanaged<Feed>.fromOpaque(context).release()
}
