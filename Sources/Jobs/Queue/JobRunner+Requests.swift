package import Store
internal import Synchronization

extension JobRunner {
    /// Checks a request and puts it into the queue.
    package func submit(project name: String, request: JobRequest) async throws -> JobRecord {
        let project = try await store.project(named: name)
        let prepared = try await work.prepare(request, project: project)
        let job = try await store.addJob(project: project.id, kind: prepared.kind, request: try prepared.text())
        await announce(.queued, of: job)
        notifier.notify(.queue)
        return job
    }

    /// Cancels a job: at once if it waits, within a step if it runs, and first in the queue if it waits with a
    /// checkpoint of which a model is to be kept.
    ///
    /// - Throws: `StoreError.conflict` if it has succeeded or failed.
    package func cancel(project name: String, id: Int64) async throws -> JobRecord {
        let project = try await store.project(named: name)
        notifier.occupy(id)
        defer { notifier.settle(id) }
        let before = try await store.job(project: project.id, id: id)
        let job = try await store.requestCancel(project: project.id, id: id)
        if job.state == .running {
            current.withLock { if $0?.job.id == id { $0?.cancel() } }
        } else if job.state == .queued {
            notifier.notify(.queue)
        } else if before.state != .cancelled {
            await announce(job.state, of: job)
        }
        return job
    }

    /// Puts a failed or cancelled job into the queue again, as a new job.
    ///
    /// - Throws: `StoreError.conflict` if it waits, runs or has succeeded.
    package func retry(project name: String, id: Int64) async throws -> JobRecord {
        let project = try await store.project(named: name)
        let job = try await store.retry(project: project.id, id: id)
        await announce(.queued, of: job)
        notifier.notify(.queue)
        return job
    }
}
