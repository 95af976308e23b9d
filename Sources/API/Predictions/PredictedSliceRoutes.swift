internal import HTTP
internal import Store
internal import Volumes

/// Single slices of a prediction, computed on demand if there is no prediction of the volume.
struct PredictedSliceRoutes: Sendable {
    let api: API

    private static let formats = ["png", "npy", "raw"]

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/projects/{project}/volumes/{volume}/prediction/slices/{axis}/{index}",
                "One slice of the prediction, computed on demand if there is no prediction of the volume yet.",
                query: [
                    .choice("format", of: "SliceFormat", "png by default: a palette whose index is the class"),
                    API.modelParameter,
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
        let position = try request.slice(of: extent)
        let format = try request.query.choice("format", of: Self.formats) ?? "png"
        let prediction = try await api.predictedSlice(request, position, of: volume, in: project)
        let colors = project.classes.map(\.color)
        let slice = "\(position.axis.rawValue)\(position.index)"
        let tag = ExportCache.tag(
            ["predicted slice"] + prediction.identity + [slice, format, colors.joined()])
        if request.has(tag: tag) { return .unchanged(tag: tag).made(by: prediction.model) }
        return try .slice(
            try await prediction.labels(), of: position.plane(in: extent), as: format, colors: colors, tag: tag,
            name: "\(volume.name)-prediction-\(slice)-\(prediction.model)"
        ).made(by: prediction.model)
    }
}
