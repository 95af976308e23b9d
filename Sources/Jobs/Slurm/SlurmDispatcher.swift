internal import JSON
internal import Logging
package import Slurm
internal import Store

/// Has Slurm start a worker for each job that waits, follows these workers, and ends those that nothing waits for.
///
/// What there is to do follows, each time anew, from the jobs of the queue and Slurm's list of jobs, so that nothing is lost or
/// done twice when the server or Slurm was away in between. That a result counts once is a matter of the leases alone.
package actor SlurmDispatcher {
    /// How long a worker that nothing waits for may take to end by itself.
    private static let grace = Duration.seconds(15)
    /// How long a Slurm that is away waits at most until it is asked again.
    private static let longestPause = Duration.seconds(60)
    /// What has a worker of its own: of a prediction not each tile, as there may be thousands of a second each, but helpers.
    private static let kinds = JobQueue.kindsOfWorkers.filter { $0 != TileWork.kind }

    let queue: JobQueue
    let slurm: Slurm
    let settings: SlurmSettings
    var trials: [Int64: SlurmTrial] = [:]
    /// The same of helpers, by the numbers of the jobs that predict.
    var helperTrials: [Int64: SlurmTrial] = [:]
    /// The most tasks of an array, by the number of the experiment or prediction, where Slurm has refused more.
    var arraySizes: [Int64: Int] = [:]
    /// What the logs of jobs have said of helpers.
    var toldOfHelpers: [Int64: Set<String>] = [:]
    /// What is stored of jobs that wait, run or ended lately.
    private var statuses: [Int64: SlurmStatus?] = [:]
    /// What events have said of them.
    private var told: [Int64: Set<SlurmStatus>] = [:]
    /// Since when nothing waits for a worker.
    private var idle: [SlurmJobID: ContinuousClock.Instant] = [:]
    /// How often Slurm could not be asked, one time after the other.
    private var failures = 0
    /// Whether Slurm's list may have something new to say.
    private var isFollowing = true

    package init(queue: JobQueue, slurm: Slurm, settings: SlurmSettings) {
        self.queue = queue
        self.slurm = slurm
        self.settings = settings
    }

    var store: Store { queue.store }
    var logger: Logger { queue.logger }
    var poll: Duration { .seconds(settings.pollSeconds) }

    /// Does this until its task is cancelled; the workers then stay, and wait for the server.
    package func run() async {
        while !Task.isCancelled {
            let changes = queue.notifier.subscribe(.queue)
            let begin = ContinuousClock.now
            let pause = await round()
            await withTaskGroup { group in
                group.addTask { for await _ in changes { return } }
                if let pause { group.addTask { try? await Task.sleep(for: pause) } }
                await group.next()
                group.cancelAll()
            }
            // Several changes at the same time are one; and where tiles end all the time, Slurm is not asked as often.
            let next = max(ContinuousClock.now + .milliseconds(200), begin + min(poll, .seconds(2)))
            try? await Task.sleep(until: next, clock: .continuous)
        }
    }

    /// Does it once; returns after how long to do it again, `nil` if not before the queue changes.
    package func round(now: ContinuousClock.Instant = .now) async -> Duration? {
        do {
            let open = try await store.openJobs(kinds: Self.kinds)
            guard isFollowing || !open.isEmpty else { return nil }
            let listed: [SlurmJob]
            do throws(SlurmError) {
                listed = try await slurm.jobs()
            } catch {
                return try await bear(error, open)
            }
            if failures > 0 { logger.notice("Slurm answers again") }
            failures = 0
            let (helpers, workers) = (listed.filter(\.isHelper), listed.filter { !$0.isHelper })
            let lasting = try await follow(workers, open)
            try await submit(open.filter { $0.state == .queued && lasting[$0.id] == nil }, now)
            let useful = try await help(open, helpers.filter(\.isLive), now)
            let spare = workers.filter { lasting[$0.work]?.id != $0.id } + helpers.filter { !useful.contains($0.id) }
            await end(spare.filter(\.isLive), open: Set(open.map(\.id)), now)
            forget(open: open, listed)
            isFollowing = !open.isEmpty || listed.contains(where: \.isLive)
        } catch is CancellationError {
        } catch {
            logger.error("jobs can't be given to Slurm", metadata: ["error": "\(error)"])
        }
        return poll
    }

    /// Stores what Slurm says; returns the workers that jobs wait for, or have, by the numbers of these.
    private func follow(_ listed: [SlurmJob], _ open: [JobRecord]) async throws -> [Int64: SlurmJob] {
        let open = Dictionary(uniqueKeysWithValues: open.map { ($0.id, $0) })
        var lasting: [Int64: SlurmJob] = [:]
        for (work, workers) in Dictionary(grouping: listed, by: \.work) {
            let live = workers.filter(\.isLive).sorted { $0.id < $1.id }
            let job = open[work]
            switch job?.state {
            case .queued: lasting[work] = live.first(where: \.isStarted) ?? live.first
            case .running: lasting[work] = live.first { $0.isWorker(job?.worker) }
            default: break
            }
            let last = try await status(of: work)?.id
            if let current = lasting[work] ?? workers.first(where: { $0.id == last }) {
                try await tell(SlurmStatus(current), of: work, isOpen: job != nil)
            }
        }
        // Those that the list had once.
        let known = Set(listed.map(\.work))
        for job in open.values where !known.contains(job.id) {
            guard let status = try await status(of: job.id), let id = status.id, !status.isEnd else { continue }
            let end = await slurm.end(of: id, work: job.id).map { SlurmStatus($0) }
            let lost = SlurmStatus(.lost, id: id, reason: "Slurm no longer knows the job", node: status.node)
            logger.warning("a job of Slurm is gone", metadata: ["job": "\(job.id)", "slurm": "\(id)"])
            try await tell(end ?? lost, of: job.id, isOpen: true)
        }
        return lasting
    }

    /// Ends workers that nothing waits for: those that wait at once, the others if they don't end by themselves, and helpers
    /// that wait if no tile of their job, which is open, waits before long.
    private func end(_ workers: [SlurmJob], open: Set<Int64>, _ now: ContinuousClock.Instant) async {
        idle = Dictionary(workers.map { ($0.id, idle[$0.id] ?? now) }) { first, _ in first }
        let due = workers.filter { worker in
            if !worker.isStarted, !(worker.isHelper && open.contains(worker.work)) { return true }
            return worker.state != "COMPLETING" && idle[worker.id].map { now - $0 >= Self.grace } == true
        }.map(\.id)
        do throws(SlurmError) {
            try await slurm.cancel(due)
            if !due.isEmpty { logger.info("jobs of Slurm cancelled", metadata: ["slurm": "\(due)"]) }
        } catch {
            logger.warning("jobs of Slurm can't be cancelled; trying again", metadata: ["error": "\(error)"])
        }
    }

    /// Says that Slurm can't be asked; returns after how long to try again.
    private func bear(_ error: SlurmError, _ open: [JobRecord]) async throws -> Duration {
        if failures == 0 { logger.warning("Slurm can't be asked; trying again", metadata: ["error": "\(error)"]) }
        failures += 1
        for job in open where job.state == .queued || job.worker?.hasPrefix(SlurmJob.worker("")) == true {
            let last = try await status(of: job.id)
            let known = last?.isEnd == true ? nil : last
            let status = SlurmStatus(.unreachable, id: known?.id, reason: "\(error)", node: known?.node)
            try await tell(status, of: job.id, isOpen: true)
        }
        return min(poll * (1 << min(failures - 1, 6)), Self.longestPause)
    }

    private func status(of job: Int64) async throws -> SlurmStatus? {
        if let known = statuses[job] { return known }
        let status = SlurmStatus(stored: try? await store.job(id: job).slurm)
        statuses.updateValue(status, forKey: job)
        return status
    }

    /// Stores a status that is new, and an event of it, unless one has said the same of the job since its state changed.
    func tell(_ status: SlurmStatus, of job: Int64, isOpen: Bool) async throws {
        let last = try await self.status(of: job)
        guard last != status else { return }
        do {
            try await store.noteSlurm(job: job, try status.text())
            let isNew = told[job, default: []].insert(status).inserted
            if isOpen, isNew || last?.state != status.state {
                // People see a unit's job only.
                let whole = try await store.job(id: job).parent ?? job
                try await queue.announcer.append("slurm", try status.text(), to: whole)
            }
        } catch StoreError.notFound {
            // It was removed with its project.
        }
        statuses.updateValue(status, forKey: job)
    }

    private func forget(open: [JobRecord], _ listed: [SlurmJob]) {
        let known = Set(open.map(\.id)).union(listed.map(\.work))
        trials = trials.filter { known.contains($0.key) }
        helperTrials = helperTrials.filter { known.contains($0.key) }
        toldOfHelpers = toldOfHelpers.filter { known.contains($0.key) }
        let wholes = Set(open.map { $0.parent ?? $0.id })
        arraySizes = arraySizes.filter { wholes.contains($0.key) }
        statuses = statuses.filter { known.contains($0.key) }
        told = told.filter { known.contains($0.key) }
    }
}
