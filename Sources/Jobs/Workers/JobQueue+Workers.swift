package import Foundation
internal import Logging
package import Store
internal import Synchronization

/// The jobs that workers hold, by their numbers, each with the task that does what the server does of it.
struct Leases {
    /// Whether jobs are given away: not before those of an earlier process were queued again, nor after the end.
    var areGiven = false
    var held: [Int64: (lease: Lease, task: Task<Void, Never>)] = [:]
}

/// Workers on other machines.
extension JobQueue {
    /// The kinds of jobs that workers compute.
    package static let kindsOfWorkers = ["train", "predict", TrialWork.kind, TileWork.kind]

    /// Seconds after which a job is taken from a worker that was not heard of.
    package var leaseSeconds: Double { settings.leaseSeconds }

    /// Gives a job to a worker, or waits for one so long; `nil` if none came.
    ///
    /// - Parameters:
    ///   - token: The `id` of the token that the worker sent, which has to come with all that it sends for the job.
    ///   - projects: Those whose jobs it may have; `nil` for all.
    ///   - job: The only one that it wants; `nil` for any.
    ///   - whole: The prediction of which it wants tiles only; `nil` for any job.
    ///   - ranks: Its processes: it is given no training that is for another number of them.
    package func claim(
        _ worker: WorkerDescription, token: Int64?, projects: Set<String>?, job: Int64? = nil,
        tilesOf whole: Int64? = nil, ranks: Int = 1, within time: Duration
    ) async throws -> Lease? {
        let changes = notifier.subscribe(.queue)
        let end = ContinuousClock.now + time
        while true {
            if let lease = try await claim(worker, token, projects, job, whole, ranks) { return lease }
            let left = end - .now
            guard left > .zero else { return nil }
            await withTaskGroup { group in
                group.addTask { for await _ in changes { return } }
                group.addTask { try? await Task.sleep(for: left) }
                await group.next()
                group.cancelAll()
            }
            try Task.checkCancellation()
        }
    }

    private func claim(
        _ worker: WorkerDescription, _ token: Int64?, _ projects: Set<String>?, _ wanted: Int64?, _ whole: Int64?,
        _ ranks: Int
    ) async throws -> Lease? {
        guard leases.withLock({ $0.areGiven }) else { return nil }
        // A claim that is made stays made, though the worker's connection breaks: the lease then ends by itself.
        let job = try await Task { [store, settings] in
            try await store.claimJob(
                wanted, tilesOf: whole, by: worker, kinds: Self.kindsOfWorkers, projects: projects, ranks: ranks,
                until: Date(timeIntervalSinceNow: settings.leaseSeconds))
        }.value
        guard let job else { return nil }
        let lease = Lease(job: job, worker: worker, token: token, clerk: clerk, notifier: notifier)
        let context = self.context(of: job, lease: lease)
        lease.onGivingBack { [weak context] in context?.interrupt() }
        lease.onLog { [weak context] in context?.log($0) }
        // There may be thousands of tiles.
        if job.kind != TileWork.kind {
            let together = ranks > 1 ? ", with \(ranks) ranks" : ""
            context.log(
                "attempt \(job.attempts) by the worker \(worker.name) on \(worker.host), \(worker.processor)\(together)"
            )
        }
        let isGiven = leases.withLock { leases in
            guard leases.areGiven else { return false }
            let task = Task {
                await execute(context)
                let end = try? await store.job(id: job.id)
                lease.end(.orderly, saying: end.map { "job \(job.id) is \($0.state.rawValue)" })
                // Another worker may hold it already.
                self.leases.withLock { if $0.held[job.id]?.lease === lease { $0.held[job.id] = nil } }
                // It may be queued again.
                notifier.notify(.queue)
            }
            leases.held[job.id] = (lease, task)
            return true
        }
        guard isGiven else {
            try await announcer.requeue(job, isOrderly: true)
            return nil
        }
        return lease
    }

    /// The lease that a worker's request is about, after it was renewed.
    ///
    /// - Throws: `StoreError.conflict` if it has ended.
    package func renewed(job: Int64, attempt: Int, token: Int64?) async throws -> Lease {
        let lease = try held(job: job, attempt: attempt, token: token)
        let record = try await store.renewLease(
            job: job, attempt: attempt, until: Date(timeIntervalSinceNow: settings.leaseSeconds))
        if record.cancelRequested { contexts.withLock { $0[job] }?.cancel() }
        return lease
    }

    /// The same without renewing it, for what comes often.
    package func held(job: Int64, attempt: Int, token: Int64?) throws -> Lease {
        guard let lease = leases.withLock({ $0.held[job]?.lease }), lease.isHeld(by: token, attempt: attempt) else {
            throw StoreError.conflict("attempt \(attempt) of job \(job) is over, or isn't yours: ask for another job")
        }
        return lease
    }

    /// Takes jobs from workers that were not heard of in time.
    package func expireLeases(now: Date = Date()) async throws {
        for expired in try await store.expireLeases(now: now) {
            logger.warning(
                "a worker was not heard of in time; its job is queued again",
                metadata: ["worker": "\(expired.worker)", "job": "\(expired.job)", "attempt": "\(expired.attempt)"])
            let lease = leases.withLock { $0.held[expired.job]?.lease }
            if let lease, lease.attempt == expired.attempt { lease.end(.expired) }
        }
        // A unit may have gone with its job.
        let held = leases.withLock { $0.held.mapValues(\.lease) }
        let leased = try await store.leasedJobs()
        for (job, lease) in held where !leased.contains(job) { lease.end(.expired) }
    }

    func watchLeases() async {
        let interval = Duration.seconds(min(settings.leaseSeconds / 4, 5))
        while (try? await Task.sleep(for: interval)) != nil {
            guard leases.withLock({ !$0.held.isEmpty }) else { continue }
            do {
                try await expireLeases()
            } catch is CancellationError {
                return
            } catch {
                logger.error("leases can't be checked", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Ends all leases, because the server stops, and waits until their jobs are queued again.
    func takeBackLeases() async {
        let held = leases.withLock { leases in
            leases.areGiven = false
            return Array(leases.held.values)
        }
        for (lease, _) in held {
            contexts.withLock { $0[lease.job.id] }?.interrupt()
            lease.end(.orderly)
        }
        for (_, task) in held { await task.value }
    }
}
