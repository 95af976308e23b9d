internal import Logging
internal import Slurm
internal import Store

extension SlurmDispatcher {
    /// So many refusals end the submissions of a round, of which each takes a while.
    static let mostRefusals = 3
    /// The numbers of an array's tasks are less; half of what Slurm allows unless it is told otherwise.
    private static let mostTasks = 500

    /// Submits jobs that wait, unless that was done lately to no avail: the runs of an experiment as an array.
    func submit(_ waiting: [JobRecord], _ now: ContinuousClock.Instant) async throws {
        var due = waiting.filter { job in trials[job.id].map { now >= $0.next } ?? true }
        var refusals = 0
        while let first = due.first, refusals < Self.mostRefusals {
            let batch = batch(from: first, of: due)
            let ids = Set(batch.map(\.id))
            due.removeAll { ids.contains($0.id) }
            if try await !submit(batch, as: first, now) { refusals += 1 }
        }
    }

    /// The job, or with it the later ones that may be tasks of one array: their memory and flags are the same, too.
    private func batch(from first: JobRecord, of due: [JobRecord]) -> [JobRecord] {
        guard let whole = first.parent else { return [first] }
        let runs = due.filter { $0.parent == whole && $0.id - first.id < Self.mostTasks }
        return Array(runs.prefix(arraySizes[whole] ?? Self.mostTasks))
    }

    /// Submits jobs as one; `false` if Slurm refuses that.
    private func submit(
        _ batch: [JobRecord], as first: JobRecord, _ now: ContinuousClock.Instant
    ) async throws -> Bool {
        for job in batch { trials[job.id] = SlurmTrial(after: trials[job.id], now, shortest: poll) }
        let tasks = batch.count > 1 ? batch.map { Int($0.id - first.id) } : []
        let ranks = Self.ranks(of: first)
        let submission = settings.submission(
            for: first.id, of: first.parent, tasks: tasks, kind: first.kind, memory: await memory(for: first),
            ranks: ranks)
        var words: Logger.Metadata = ["job": "\(submission.whole)"]
        if !tasks.isEmpty { words["runs"] = "\(tasks.count)" }
        do throws(SlurmError) {
            if ranks > 1, settings.mpi.isEmpty { throw .noMPI(ranks: ranks) }
            let id = try await slurm.submit(submission)
            words["slurm"] = "\(id)"
            logger.info("job submitted to Slurm", metadata: words)
            for job in batch {
                let task = SlurmJobID(id, task: tasks.isEmpty ? nil : Int(job.id - first.id))
                let status = SlurmStatus(SlurmJob(id: task, work: job.id, state: "PENDING"))
                try? await tell(status, of: job.id, isOpen: true)
            }
            return true
        } catch {
            words["error"] = "\(error)"
            logger.warning("Slurm does not take a job; trying again", metadata: words)
            // It may allow no arrays, or fewer jobs.
            if let whole = first.parent { arraySizes[whole] = max(batch.count / 2, 1) }
            for job in batch { try? await tell(SlurmStatus(.refused, reason: "\(error)"), of: job.id, isOpen: true) }
            return false
        }
    }

    /// The processes of a job's worker.
    private static func ranks(of job: JobRecord) -> Int {
        guard job.parent == nil, case .train(let request)? = try? JobRequest(text: job.request) else { return 1 }
        return request.ranks ?? 1
    }

    /// Bytes that a job's worker should have; those of the program alone if its plan can't be made, which it will say itself.
    func memory(for job: JobRecord, isHelper: Bool = false) async -> Int {
        guard let project = try? await store.project(id: job.project),
            let whole = try? await store.job(id: job.parent ?? job.id),
            let request = try? JobRequest(text: whole.request)
        else { return 1 << 30 }
        let planner = TrainingPlanner(store: store, project: project, memory: nil)
        let tileMemory = queue.settings.tileMemory
        return (try? await planner.memory(ofWorkerFor: request, isHelper: isHelper, tileMemory: tileMemory)) ?? 1 << 30
    }
}
