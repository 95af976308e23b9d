internal import Foundation
internal import HTTP
internal import Jobs
internal import Store
internal import Training
internal import Volumes

/// How good a prediction is: on what was learnt from, on slices the model never saw, on the dense truth.
struct ReportCalls: Sendable {
    let api: API

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/projects/{project}/volumes/{volume}/report",
                "IoU, Dice and confusion of a prediction; training, held-out slices and dense truth apart.",
                query: [.text("model", "The model's name; the newest by default")],
                answers: [.init(200, "The report", .json("Report"))], answer: report)
        ]
    }

    private func report(_ request: Request) async throws -> Response {
        let (project, volume) = try await api.volume(request)
        let prediction = try await api.prediction(of: volume, in: project, request)
        let model = try await api.store.model(id: prediction.model)
        let slices = try await api.store.annotatedSlices(volume: volume.id)
        let learned = try Self.learned(by: model, of: volume.name)
        let training = slices.filter { learned.contains(Place($0.slice)) }
        let heldOut = slices.filter { !learned.contains(Place($0.slice)) }
        let revision = slices.map(\.record.revision).max() ?? 0
        let identity = [
            "report", "\(prediction.id) \(prediction.labels)", model.name, "\(revision) \(slices.count)",
            volume.truth?.description ?? "", project.classes.map(\.name).joined(separator: "\n"),
        ]
        let (store, classes) = (api.store, project.classes.map(\.name))
        let export = try await api.exports.export(identity, fileExtension: "json") { url in
            let report = try Report.measure(
                model: model.name, prediction: store.source(grid: prediction.labels),
                training: training.map(\.slice), heldOut: heldOut.map(\.slice),
                truth: try volume.truth.map { try store.source(grid: $0) }, classes: classes)
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            try encoder.encode(report).write(to: url)
        }
        return try .file(export.url, contentType: "application/json", etag: export.tag)
    }

    /// A slice, whatever is on it.
    private struct Place: Hashable {
        var axis: Axis
        var index: Int

        init(_ slice: AnnotatedSlice) { (axis, index) = (slice.axis, slice.index) }
        init(_ slice: TrainingPlan.Slice) { (axis, index) = (slice.axis, slice.index) }
    }

    /// The slices of a volume that a model has learnt from; none if it was trained elsewhere.
    private static func learned(by model: ModelRecord, of volume: String) throws -> Set<Place> {
        guard let text = model.trainedOn else { return [] }
        let slices = try JSONDecoder().decode([String: [TrainingPlan.Slice]].self, from: Data(text.utf8))
        return Set((slices[volume] ?? []).map { Place($0) })
    }
}
