package import Logging

/// An HTTP/1.1 server on libmicrohttpd.
package struct Server: Sendable {
    private let options: ServerOptions
    private let responder: Responder
    private let logger: Logger
    private let metrics: ServerMetrics

    /// `metrics` counts connections and requests.
    package init(options: ServerOptions, responder: Responder, logger: Logger, metrics: ServerMetrics = ServerMetrics())
    {
        self.options = options
        self.responder = responder
        self.logger = logger
        self.metrics = metrics
    }

    /// Throws if a server could not start with these options; the port is not checked.
    package static func check(_ options: ServerOptions) throws {
        try OpenFiles.check(connections: options.connectionLimit)
        var options = options
        options.port = 0
        let logger = Logger(label: "check", factory: { _ in SwiftLogNoOpLogHandler() })
        let dispatcher = RequestDispatcher(
            responder: Router(logger: logger).freeze(), logger: logger,
            watch: ConnectionWatch(window: .seconds(1), minimumRate: 0), metrics: ServerMetrics(),
            sockets: OpenSockets(limit: 0, metrics: ServerMetrics()), memory: BodyMemory(limit: 0),
            threads: HandlerThreads(count: 1),
            changeThreads: HandlerThreads(count: 1), grace: .zero)
        _ = try Daemon(options, dispatcher: dispatcher)
    }

    /// Serves until the calling task is cancelled, then finishes the requests in progress.
    ///
    /// After cancellation no connection is accepted, streams end, and new requests on open connections get 503.
    /// Handlers may run for the grace time and are then cancelled. When this returns, every reply was sent or cut off.
    ///
    /// - Parameter listening: Called once with the bound port.
    package func run(listening: @Sendable (Int) -> Void = { _ in }) async throws {
        try OpenFiles.check(connections: options.connectionLimit)
        let threads = HandlerThreads(count: options.handlerThreads)
        let changeThreads = HandlerThreads(count: options.handlerThreads)
        defer {
            threads.stop()
            changeThreads.stop()
        }
        let watch = ConnectionWatch(window: .seconds(options.timeoutSeconds), minimumRate: options.minimumRate)
        let sockets = OpenSockets(limit: options.connectionLimit, metrics: metrics)
        defer { sockets.close() }
        let dispatcher = RequestDispatcher(
            responder: responder, logger: logger, watch: watch, metrics: metrics,
            sockets: sockets, memory: BodyMemory(limit: options.bodyMemory, metrics: metrics), threads: threads,
            changeThreads: changeThreads, grace: options.grace)
        let daemon = try Daemon(options, dispatcher: dispatcher)
        // Not a child task: it would be cancelled together with this one, before requests in progress can finish.
        let serving = Task { await dispatcher.serve() }
        listening(daemon.port)
        await Server.untilCancelled()
        daemon.quiesce()
        dispatcher.stop()
        await serving.value  // libmicrohttpd aborts the process if stopped while a connection is suspended.
        _ = consume daemon
    }

    private static func untilCancelled() async {
        let (never, continuation) = AsyncStream.makeStream(of: Never.self)
        for await _ in never {}
        continuation.finish()
    }
}
