internal import Foundation
internal import Text
internal import Volumes

/// Runs the annotation loop as a script would, by HTTP calls to a server, with annotations from the truth.
struct Demo {
    /// The result of one round of annotating, training and predicting.
    struct Round {
        var slices: Int
        var annotated: Double
        var steps: Int?
        var seconds: Double
        var score: DemoWire.Report.Score
    }

    let client: Client
    let phantom: (image: InMemoryVolume, truth: InMemoryVolume)
    let classes: [DemoWire.Project.Class]
    let folder: URL
    let seconds: Double
    let recipe: String
    let progress = ProgressLine()

    private static let project = "/v1/projects/demo"
    private static let volume = project + "/volumes/phantom"

    /// Uploads the volume and its truth, which the server uses only for the report.
    func upload(image: URL, truth: URL) async throws {
        let project = DemoWire.Project(classes: classes, description: "made by slicewise demo")
        try await client.send("PUT", Self.project, JSONEncoder().encode(project), type: "application/json")
        try await client.send("PUT", Self.volume, file: image)
        try await client.send("PUT", Self.volume + "/truth", file: truth)
    }

    /// Annotates more slices in each round, evenly spaced on every axis, and trains on all of them.
    func rounds(_ counts: [Int]) async throws -> (rounds: [Round], annotated: [AnnotatedSlice]) {
        var rounds: [Round] = []
        var annotated: [AnnotatedSlice] = []
        for (number, count) in counts.enumerated() {
            let slices = try phantom.truth.evenSlices(count).filter { slice in
                !annotated.contains { $0.position == slice.position }
            }
            for slice in slices {
                let path = Self.volume + "/annotations?axis=\(slice.axis.rawValue)&index=\(slice.index)&author=demo"
                try await client.send("POST", path, Data(slice.values))
            }
            annotated += slices
            let share = try Self.share(annotated, of: phantom.truth.header)
            say(
                "Round \(number + 1): posted \(slices.count) slices; \(Self.percent(share)) of the voxels are annotated."
            )
            rounds.append(try await train(number + 1, slices: count, share: share))
        }
        return (rounds, annotated)
    }

    /// Fetches the dense labels of the newest model.
    func fetchPrediction(to url: URL) async throws {
        try await client.send("GET", Self.volume + "/prediction?format=nii.gz").write(to: url, options: .atomic)
    }

    private func train(_ number: Int, slices: Int, share: Double) async throws -> Round {
        let start = ContinuousClock.now
        let request = DemoWire.Training(
            volumes: ["phantom"], from: number == 1 ? "scratch" : "latest", budget: .init(seconds: seconds),
            recipe: recipe, name: "round\(number)")
        var job: DemoWire.Job = try await client.json("POST", Self.project + "/jobs", request)
        while job.state == "queued" || job.state == "running" {
            try await Task.sleep(for: .milliseconds(250))
            job = try await client.json("GET", Self.project + "/jobs/\(job.id)")
            show(job, round: number)
        }
        guard job.state == "succeeded" else {
            throw CommandError("the training of round \(number) \(job.state): \(job.error ?? "no reason given")")
        }
        let report: DemoWire.Report = try await client.json("GET", Self.volume + "/report")
        guard let score = report.truth else { throw CommandError("the report of round \(number) has no truth scores") }
        let took = (ContinuousClock.now - start) / .seconds(1)
        let steps = job.progress?.step
        progress.finish(
            "         \(steps.map { "\($0.counting("step")), " } ?? "")\(ProgressLine.duration(took)),"
                + " mean IoU \(TextTable.share(score.mean_iou)) on the voxels that are not annotated")
        return Round(slices: slices, annotated: share, steps: steps, seconds: took, score: score)
    }

    private func show(_ job: DemoWire.Job, round: Int) {
        guard let now = job.progress, job.state == "running" else {
            return progress.show("Round \(round) \(job.state)", fraction: nil)
        }
        if now.phase == "predicting" {
            return progress.show("Round \(round) predicting", fraction: now.fraction, eta: now.eta)
        }
        let elapsed = now.seconds ?? 0
        let detail = [now.step.map { "step \($0)" }, now.loss.map { "loss \(TextTable.share($0))" }]
        progress.show(
            "Round \(round) training", fraction: elapsed / seconds, eta: now.eta ?? max(seconds - elapsed, 0),
            detail: detail.compactMap(\.self).joined(separator: "  "))
    }

    private static func share(_ slices: [AnnotatedSlice], of header: VolumeHeader) throws -> Double {
        let labels = SparseLabels(of: header, slices: slices)
        let values = try labels.labels(Box(extent: header.extent))
        let annotated = values.count { $0 != AnnotatedSlice.unlabeled }
        return Double(annotated) / Double(values.count)
    }

    static func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }
}
