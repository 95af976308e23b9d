internal import Foundation
internal import HTTP
internal import JSON
internal import Store
internal import Training
internal import Volumes

/// Suggestions of slices to annotate next.
struct SuggestionRoutes: Sendable {
    let api: API

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/projects/{project}/volumes/{volume}/suggestions",
                "The slices most worth annotating next, by the prediction's uncertainty.",
                query: [
                    .integer("count", "The number of slices; 3 by default", in: Self.counts),
                    .text("model", "The model whose uncertainty is used; default as for a prediction"),
                ],
                answers: [.init(200, "The slices, best first", .list(of: "Suggestion"))], answer: suggest)
        ]
    }

    private static let counts = 1...1000

    private func suggest(_ request: Request) async throws -> Response {
        let (project, volume) = try await api.volume(request)
        let count = try request.query.integer("count", in: Self.counts) ?? 3
        let prediction = try await api.prediction(of: volume, in: project, request)
        let annotated = try await api.store.currentAnnotations(volume: volume.id)
        let suggestions = try await api.suggestions(
            count: count, of: volume, by: prediction, avoiding: annotated.map(\.position))
        return .json(
            .array(
                suggestions.map {
                    [
                        "axis": .string($0.position.axis.rawValue), "index": .integer($0.position.index),
                        "score": .number($0.score), "model": .string(prediction.modelName),
                    ]
                })
        ).made(by: prediction.modelName)
    }
}

extension API {
    /// The slices of a volume most worth annotating by a prediction, best first.
    func suggestions(
        count: Int, of volume: VolumeRecord, by prediction: PredictionRecord, avoiding annotated: [SlicePosition]
    ) async throws -> [SliceUncertainty.Suggestion] {
        let store = store
        let export = try await exports.export(
            ["uncertainty by plane", prediction.identity], of: .volume(volume.id), fileExtension: "json"
        ) { url in
            let source = UncertaintyVolume(try store.source(grid: prediction.probability, cacheBytes: 16 << 20))
            try JSONEncoder().encode(try SliceUncertainty.measure(source)).write(to: url)
        }
        let means = try JSONDecoder().decode(SliceUncertainty.self, from: Data(contentsOf: export.url))
        return means.suggestions(count: count, avoiding: annotated)
    }
}
