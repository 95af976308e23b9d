internal import Logging
import Synchronization

/// What the daemon's threads and the serving task share.
final class RequestDispatcher: Sendable {
    enum Event: Sendable {
        case request(PendingRequest)
        case stop
    }

    let responder: Responder
    let logger: Logger
    let watch: ConnectionWatch
    let metrics: ServerMetrics
    private let threads: HandlerThreads
    /// Changes have threads of their own, so that they need not queue behind hundreds of readers at every step.
    private let changeThreads: HandlerThreads
    private let grace: Duration
    private let events: AsyncStream<Event>
    private let queue: AsyncStream<Event>.Continuation
    /// Requests whose head has arrived and whose reply has not left.
    private let active = Atomic(0)
    private let isClosing = Atomic(false)

    init(
        responder: Responder, logger: Logger, watch: ConnectionWatch, metrics: ServerMetrics, threads: HandlerThreads,
        changeThreads: HandlerThreads, grace: Duration
    ) {
        self.responder = responder
        self.watch = watch
        self.logger = logger
        self.metrics = metrics
        self.threads = threads
        self.changeThreads = changeThreads
        self.grace = grace
        (events, queue) = AsyncStream.makeStream(of: Event.self)
    }

    var isStopping: Bool { isClosing.load(ordering: .relaxed) }

    /// Answers requests until `stop`, then until nothing is in flight or the grace time is over.
    func serve() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.watch.run() }
            for await event in events {
                switch event {
                case .request(let exchange):
                    let lane = exchange.isChange ? changeThreads : threads
                    group.addTask(executorPreference: lane) { await exchange.answer() }
                case .stop: group.addTask { await self.drain() }
                }
            }
            group.cancelAll()
        }
    }

    func stop() {
        isClosing.store(true, ordering: .relaxed)
        queue.yield(.stop)
    }

    /// Hands over a request; `false` where none is taken any more.
    func take(_ exchange: PendingRequest) -> Bool {
        if case .terminated = queue.yield(.request(exchange)) { return false }
        return true
    }

    func begin() { active.add(1, ordering: .relaxed) }
    func end() { active.subtract(1, ordering: .relaxed) }

    private func drain() async {
        let clock = ContinuousClock()
        let deadline = clock.now + grace
        while active.load(ordering: .relaxed) > 0, clock.now < deadline {
            try? await clock.sleep(for: .milliseconds(10))
        }
        queue.finish()
    }
}
