internal import Logging
import Synchronization

/// Passes requests from the daemon's threads to the tasks that answer them.
final class RequestDispatcher: Sendable {
    enum Event: Sendable {
        case arrival(ArrivedRequest)
        case request(PendingRequest)
        case stop
    }

    let responder: Responder
    let logger: Logger
    let watch: ConnectionWatch
    let metrics: ServerMetrics
    let sockets: OpenSockets
    let memory: BodyMemory
    private let threads: HandlerThreads
    /// Threads for requests that change data, so that they do not wait behind many reading requests.
    private let changeThreads: HandlerThreads
    private let grace: Duration
    private let events: AsyncStream<Event>
    private let queue: AsyncStream<Event>.Continuation
    /// Requests whose head has arrived and whose reply is not sent yet.
    private let active = Atomic(0)
    private let isClosing = Atomic(false)

    init(
        responder: Responder, logger: Logger, watch: ConnectionWatch, metrics: ServerMetrics, sockets: OpenSockets,
        memory: BodyMemory, threads: HandlerThreads, changeThreads: HandlerThreads, grace: Duration
    ) {
        self.responder = responder
        self.watch = watch
        self.logger = logger
        self.metrics = metrics
        self.sockets = sockets
        self.memory = memory
        self.threads = threads
        self.changeThreads = changeThreads
        self.grace = grace
        (events, queue) = AsyncStream.makeStream(of: Event.self)
    }

    var isStopping: Bool { isClosing.load(ordering: .relaxed) }

    /// Answers requests until `stop`, then until none is in progress or the grace time is over.
    func serve() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.watch.run() }
            group.addTask { await self.sockets.run() }
            for await event in events {
                switch event {
                case .arrival(let request):
                    group.addTask(executorPreference: executor(for: request.arrival.head)) { await request.admit() }
                case .request(let request):
                    group.addTask(executorPreference: executor(for: request.admission.head)) { await request.answer() }
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

    /// Queues a request; `false` once the dispatcher has stopped.
    func take(_ event: Event) -> Bool {
        if case .terminated = queue.yield(event) { return false }
        return true
    }

    /// The threads for a request, by whether its method may change data.
    private func executor(for head: RequestHead) -> HandlerThreads {
        [.get, .head, .options].contains(Method(rawValue: head.method)) ? threads : changeThreads
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
