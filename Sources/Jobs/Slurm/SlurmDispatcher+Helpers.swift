internal import JSON
internal import Logging
internal import Slurm
internal import Store
internal import Text

/// Helpers: workers that compute tiles of a prediction, beside the worker that has it.
extension SlurmDispatcher {
    /// A helper starts for so many tiles that wait.
    private static let tilesOfHelper = 4

    /// Has helpers started for the jobs that have tiles waiting; returns those there are that have something to do.
    ///
    /// One that has begun ends by itself when there is nothing more; of the others no more are of use than tiles wait.
    func help(
        _ open: [JobRecord], _ helpers: [SlurmJob], _ now: ContinuousClock.Instant
    ) async throws -> Set<SlurmJobID> {
        let waiting = try await store.waitingUnits(kind: TileWork.kind)
        let there = Dictionary(grouping: helpers, by: \.work)
        var useful: Set<SlurmJobID> = []
        var refusals = 0
        for job in open where job.parent == nil {
            let (tiles, helpers) = (waiting[job.id] ?? 0, there[job.id] ?? [])
            useful.formUnion(helpers.filter(\.isStarted).map(\.id))
            useful.formUnion(helpers.filter { !$0.isStarted }.map(\.id).sorted().prefix(tiles))
            let wanted = min((tiles + Self.tilesOfHelper - 1) / Self.tilesOfHelper, settings.tileWorkers)
            guard wanted > helpers.count, refusals < Self.mostRefusals else { continue }
            if let last = helperTrials[job.id], now < last.next { continue }
            if await !submit(min(wanted - helpers.count, arraySizes[job.id] ?? .max), for: job, tiles, now) {
                refusals += 1
            }
        }
        return useful
    }

    /// Submits helpers as one; `false` if Slurm refuses that.
    private func submit(_ count: Int, for job: JobRecord, _ tiles: Int, _ now: ContinuousClock.Instant) async -> Bool {
        helperTrials[job.id] = SlurmTrial(after: helperTrials[job.id], now, shortest: poll)
        let submission = settings.submission(
            for: job.id, tasks: count > 1 ? Array(0..<count) : [], kind: TileWork.kind,
            memory: await memory(for: job, isHelper: true))
        var words: Logger.Metadata = ["job": "\(job.id)", "helpers": "\(count)"]
        do throws(SlurmError) {
            let id = try await slurm.submit(submission)
            words["slurm"] = "\(id)"
            logger.info("helpers submitted to Slurm", metadata: words)
            let what = "\(count.counting("helper")) for \(tiles.counting("tile"))"
            await log("\(what) submitted to Slurm as job \(id)", to: job)
            return true
        } catch {
            words["error"] = "\(error)"
            logger.warning("Slurm does not take helpers; trying again", metadata: words)
            arraySizes[job.id] = max(count / 2, 1)
            await log("warning: Slurm takes no helpers for the tiles, which take longer: \(error)", to: job)
            return false
        }
    }

    /// Adds a line to a job's log that it does not have.
    private func log(_ message: String, to job: JobRecord) async {
        guard toldOfHelpers[job.id, default: []].insert(message).inserted,
            let text = try? JSONText.encode(["message": message])
        else { return }
        // It may have been removed with its project.
        try? await queue.announcer.append("log", text, to: job.id)
    }
}
