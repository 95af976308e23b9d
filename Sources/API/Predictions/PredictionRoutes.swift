internal import Foundation
internal import HTTP
internal import Store
internal import Volumes

/// Predictions of volumes: the class, the probabilities and the uncertainty of every voxel.
struct PredictionRoutes: Sendable {
    let api: API

    private static let volume = "/v1/projects/{project}/volumes/{volume}"
    private static let model = Endpoint.QueryParameter.text("model", "The model's name; the newest by default")

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "\(Self.volume)/prediction", "The dense prediction, on the volume's own grid and affine.",
                query: [API.formatParameter, Self.model], answers: [API.file("The labels, uint8")], answer: labels),
            Endpoint(
                .get, "\(Self.volume)/probability", "The probability of a class, or of all as channels.",
                query: [
                    .text("class", "The class; all as channels by default"), API.formatParameter, Self.model,
                ],
                answers: [API.file("The probability, float32")], answer: probability),
            Endpoint(
                .get, "\(Self.volume)/uncertainty", "The entropy of the probabilities, in nats / ln K.",
                query: [API.formatParameter, Self.model], answers: [API.file("The uncertainty, float32")],
                answer: uncertainty),
        ]
    }

    private func labels(_ request: Request) async throws -> Response {
        let (project, volume) = try await api.volume(request)
        let prediction = try await api.prediction(of: volume, in: project, request)
        let store = api.store
        return try await api.export(
            request, identity: ["prediction", prediction.identity], of: volume, name: "\(volume.name)-prediction"
        ) {
            try store.source(grid: prediction.labels, cacheBytes: 0)
        }
    }

    private func probability(_ request: Request) async throws -> Response {
        let (project, volume) = try await api.volume(request)
        let prediction = try await api.prediction(of: volume, in: project, request)
        let names = project.classes.map(\.name)
        var index: Int?
        if let name = request.query.text("class") {
            index = names.firstIndex(of: name)
            guard index != nil else {
                throw HTTPError.invalid(
                    "\"\(name.prefix(80))\" is not a class of this project; the classes are "
                        + names.joined(separator: ", "),
                    field: "class")
            }
        }
        let (store, channel) = (api.store, index)
        let suffix = channel.map { "probability-\($0)" } ?? "probability"
        return try await api.export(
            request, identity: [suffix, prediction.identity], of: volume, name: "\(volume.name)-\(suffix)"
        ) {
            let stored = try store.source(grid: prediction.probability, cacheBytes: 16 << 20)
            if let channel, channel >= stored.header.channels {
                throw HTTPError.invalid(
                    "the model \(prediction.modelName) does not know the class \(names[channel]); it was trained "
                        + "before the class was added, so train again",
                    field: "class")
            }
            return ProbabilityVolume(stored, channel: channel)
        }
    }

    private func uncertainty(_ request: Request) async throws -> Response {
        let (project, volume) = try await api.volume(request)
        let prediction = try await api.prediction(of: volume, in: project, request)
        let store = api.store
        return try await api.export(
            request, identity: ["uncertainty", prediction.identity], of: volume, name: "\(volume.name)-uncertainty"
        ) {
            UncertaintyVolume(try store.source(grid: prediction.probability, cacheBytes: 16 << 20))
        }
    }
}

extension PredictionRecord {
    /// Changes whenever the voxels do.
    var identity: String { "\(id) \(labels) \(probability) \(created.timeIntervalSince1970)" }
}
