internal import HTTP
internal import JSON
internal import Jobs
internal import Store

/// A prediction for a client of MONAI Label, which waits for it.
struct MONAIInference: Sendable {
    let api: API
    let project: ProjectRecord
    let model: ModelRecord

    private static let patience = Duration.seconds(30)

    /// The prediction of a volume, made by a job unless it is there.
    func prediction(of volume: VolumeRecord, for request: Request) async throws -> PredictionRecord {
        if let known = try await api.monaiPrediction(of: volume, by: model) { return known }
        do {
            try request.client?.demand(.trainer, in: project.name)
        } catch {
            var error = error
            error.detail =
                "there is no prediction of \(volume.name) by the model \(model.name) yet, and making one is a job: "
                + error.detail
            throw error
        }
        var job = try await job(for: volume)
        let hasLeft = Client.hasLeft
        while !job.state.isFinal {
            guard !hasLeft() else { throw CancellationError() }
            job = try await api.jobs.next(of: job, within: Self.patience)
        }
        guard let made = try await api.monaiPrediction(of: volume, by: model) else {
            throw HTTPError.conflict(
                "the prediction of \(volume.name) \(job.state == .cancelled ? "was cancelled" : "failed")"
                    + (job.error.map { ": \($0)" } ?? ""))
        }
        return made
    }

    /// The job that makes it, which others may have asked for already.
    private func job(for volume: VolumeRecord) async throws -> JobRecord {
        let wanted = JobRequest.predict(PredictionRequest(model: model.name, volumes: [volume.name]))
        let known = try await api.store.jobs(project: project.id).first { job in
            !job.state.isFinal && !job.cancelRequested && (try? JobRequest(text: job.request)) == wanted
        }
        if let known { return known }
        return try await api.jobs.submit(wanted, to: project)
    }
}
