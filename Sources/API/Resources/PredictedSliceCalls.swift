internal import Foundation
internal import HTTP
internal import Jobs
internal import Store
internal import Volumes

/// One slice of a prediction, computed for the occasion if the whole is not there.
struct PredictedSliceCalls: Sendable {
    let api: API

    private static let formats = ["png", "npy", "raw"]

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/projects/{project}/volumes/{volume}/prediction/slices/{axis}/{index}",
                "One slice of the prediction, computed on demand if the whole is not there yet.",
                query: [
                    .choice("format", Self.formats, "png by default: a palette whose index is the class"),
                    .text("model", "The model's name; the newest by default"),
                ],
                answers: [
                    .init(
                        200, "The labels of the slice", .binary("image/png"), .binary("application/x-npy"),
                        .binary("application/octet-stream"))
                ], answer: slice)
        ]
    }

    private func slice(_ request: Request) async throws -> Response {
        let (project, volume) = try await api.volume(request)
        let extent = volume.header.extent
        let (axis, index) = try request.slice(of: extent)
        let format = try request.choice("format", of: Self.formats) ?? "png"
        let box = Box(slice: axis, index, of: extent)
        let (identity, values) = try await values(request, box, of: volume, in: project)
        let colors = project.classes.map(\.color)
        let tag = ExportCache.tag(identity + ["\(axis.rawValue)\(index)", format, colors.joined()])
        if request.has(tag: tag) { return .unchanged(tag: tag) }
        return try .slice(
            try await values(), of: extent.slice(on: axis), as: format, colors: colors, tag: tag,
            name: "\(volume.name)-prediction-\(axis.rawValue)\(index)")
    }

    /// What identifies the labels of a box, and how to come by them.
    private func values(
        _ request: Request, _ box: Box, of volume: VolumeRecord, in project: ProjectRecord
    ) async throws -> ([String], @Sendable () async throws -> [UInt8]) {
        let api = api
        let model = try await api.queriedModel(request, of: project)
        if let stored = try? await api.store.prediction(volume: volume.id, model: model?.id) {
            return (
                ["prediction slice", stored.identity],
                { try await api.work.run { try api.store.source(grid: stored.labels).labels(box) } }
            )
        }
        var chosen = model
        if chosen == nil { chosen = try await api.store.latestModel(project: project.id) }
        guard let chosen else {
            throw HTTPError.notFound(
                "there is no prediction of the volume \(volume.name) and no model to make one with yet; annotate "
                    + "slices and POST {\"kind\":\"train\"} to /v1/projects/\(project.name)/jobs")
        }
        let identity = ["computed slice", volume.identity, "\(chosen.id) \(chosen.created.timeIntervalSince1970)"]
        return (
            identity,
            {
                let prediction = try await api.runner.predictBox(
                    project: project.name, volume: volume.name, model: chosen.name, box: box)
                return prediction.labels
            }
        )
    }
}
