internal import Store

/// Reads a job's events from the database in order, page by page: stored ones, then new ones until the job has ended.
///
/// A reader that falls behind the newest progress goes on with what is kept.
actor JobEvents {
    /// The most events in memory for a reader.
    private static let page = 200

    private let job: Int64
    private let store: Store
    private let notifier: JobNotifier
    private let changes: AsyncStream<Void>
    private var last: Int64
    private var pending: ArraySlice<JobEventRecord> = []

    /// Subscribes immediately, so that no event before the first `next` is missed.
    init(of job: Int64, after: Int64?, store: Store, notifier: JobNotifier) {
        self.job = job
        self.store = store
        self.notifier = notifier
        last = after ?? 0
        changes = notifier.subscribe(.job(job))
    }

    /// The next event; `nil` once the job has ended and all events were read, or when the server stops.
    func next() async throws -> JobEventRecord? {
        var changes = changes.makeAsyncIterator()
        while pending.isEmpty {
            // The state is read first, so that every event stored before it became final is returned.
            let isSettled = try await isSettled()
            pending = ArraySlice(try await store.events(job: job, after: last, limit: Self.page))
            guard pending.isEmpty else { break }
            if isSettled { return nil }
            guard await changes.next(isolation: self) != nil else { return nil }
        }
        let event = pending.removeFirst()
        last = event.sequence
        return event
    }

    /// The next events that are there, at least one; `nil` like `next`.
    func nextPage() async throws -> [JobEventRecord]? {
        guard let first = try await next() else { return nil }
        defer { pending = [] }
        last = pending.last?.sequence ?? last
        return [first] + pending
    }

    /// Whether no more events of the job will follow.
    private func isSettled() async throws -> Bool {
        if notifier.isBusy(job) { return false }
        do {
            return try await store.job(id: job).state.isFinal
        } catch StoreError.notFound {
            return true
        }
    }
}
