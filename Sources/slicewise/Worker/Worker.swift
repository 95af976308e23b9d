internal import Foundation
internal import Jobs
internal import Store

/// Computes jobs of a server, one at a time, until it is told to stop or has had none for a time; or only one of them, or
/// tiles of one, until that has ended.
struct Worker: Sendable {
    let description: WorkerDescription
    let link: ServerLink
    let cache: WorkerCache
    let runner: UnitRunner
    /// The other processes of it; `nil` if there are none.
    let ranks: WorkerRanks?
    /// The only job that it computes; `nil` for any.
    let job: Int64?
    /// The job of which it computes tiles only; `nil` for any job.
    let tilesOf: Int64?
    /// How long it waits for a job before it ends; `nil` for ever.
    let idle: Duration?
    /// Whether it was told to stop.
    let isStopping: @Sendable () -> Bool
    /// Tells people what it does.
    let tell: @Sendable (String) -> Void

    /// How long it waits before it asks again after something went wrong.
    private static let pause = Duration.seconds(2)

    /// - Throws: `WorkerError.refused` if the server wants nothing of it, and what this machine can't do.
    func run() async throws {
        try await computeJobs()
        try await ranks?.release()
    }

    private func computeJobs() async throws {
        var lastProblem = ""
        var lastJob = ContinuousClock.now
        while !isStopping() {
            if let idle, ContinuousClock.now - lastJob >= idle {
                return tell("no job came for \(idle.components.seconds) s")
            }
            do {
                guard let claim = try await claim() else {
                    lastProblem = ""
                    await runner.rest()
                    continue
                }
                lastProblem = ""
                defer { lastJob = .now }
                try await work(on: claim)
            } catch let error as WorkerError {
                if case .refused = error { throw error }
                if job ?? tilesOf != nil, case .over(let detail) = error { return tell(detail) }
                let problem = "\(error)"
                if problem != lastProblem { tell("\(problem); trying again") }
                lastProblem = problem
                try await Task.sleep(for: Self.pause)
            }
        }
    }

    /// A job; `nil` if none came within some seconds.
    private func claim() async throws -> HeldJob.Claim? {
        struct Body: Encodable {
            var host, version, processor: String
            var threads: Int
            var job, tilesOf: Int64?
            var ranks: Int?

            private enum CodingKeys: String, CodingKey {
                case host, version, processor, threads, job, ranks
                case tilesOf = "tiles_of"
            }
        }
        let body = Body(
            host: description.host, version: description.version, processor: description.processor,
            threads: description.threads, job: job, tilesOf: tilesOf, ranks: ranks?.count)
        let wait = min(idle?.components.seconds ?? 5, 5)
        let (status, answer) = try await link.call(
            "POST", "/v1/workers/\(description.name)/claim?wait=\(wait)", JSONEncoder().encode(body),
            type: "application/json", within: .seconds(10))
        return try status == 204 ? nil : JSONDecoder().decode(HeldJob.Claim.self, from: answer)
    }

    /// Computes the units of a job until there are no more, or it is not this worker's any more.
    private func work(on claim: HeldJob.Claim) async throws {
        let job = HeldJob(claim: claim, link: link, cache: cache, isStopping: isStopping)
        tell("job \(claim.job) of \(claim.project), \(claim.kind), attempt \(claim.attempt)")
        do {
            while !isStopping() {
                if let unit = try await job.unit() { try await compute(unit, of: job) }
            }
            try await job.send(WorkResult(number: 0, .returned))
            tell("job \(claim.job) is given back")
        } catch WorkerError.over(let detail) {
            tell(isStopping() ? "job \(claim.job) is given back" : "job \(claim.job): \(detail)")
        } catch WorkerError.outOfReach(let detail) {
            throw WorkerError.outOfReach("\(detail); job \(claim.job) is left to others")
        } catch {
            // The job is no worse for what this machine can't do.
            try? await job.send(WorkResult(number: 0, .returned))
            if case WorkerError.stopping = error { return tell("job \(claim.job) is given back") }
            throw error
        }
    }

    /// Computes a unit, while the server hears of it, and sends what it gives.
    private func compute(_ unit: WorkUnit, of job: HeldJob) async throws {
        let context = LeaseContext(isStopping: isStopping)
        let heartbeat = Task { await beat(job, context) }
        defer { heartbeat.cancel() }
        let sender = Task {
            for await checkpoint in context.checkpoints {
                // A later one follows, or the result.
                try? await job.send(checkpoint: checkpoint)
            }
        }
        let result: WorkResult
        do {
            try await ranks?.begin(unit, job.claim)
            result = try await runner.run(unit, from: job, context: context) { try job.sendNow($0) }
        } catch {
            context.close()
            sender.cancel()
            throw context.failure ?? error
        }
        context.close()
        await sender.value
        if let failure = context.failure { throw failure }
        do {
            _ = try? await job.renew(context.takeReport())
            try await job.send(isStopping() ? result.returned : result)
        } catch WorkerError.over {
            // Perhaps it was taken, and its answer lost: the server says whether there is another unit.
        }
    }

    /// Tells the server that the worker is there, and how far it is, until the unit ends.
    private func beat(_ job: HeldJob, _ context: LeaseContext) async {
        let interval = Duration.seconds(min(job.claim.seconds / 4, 2))
        while (try? await Task.sleep(for: interval)) != nil {
            do {
                if try await job.renew(context.takeReport()) { context.stop() }
            } catch is CancellationError {
                return
            } catch {
                return context.fail(error)
            }
        }
    }
}
