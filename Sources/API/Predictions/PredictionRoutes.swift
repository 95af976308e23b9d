internal import Foundation
internal import HTTP
internal import Store
internal import Volumes

/// Predictions of volumes: the class, the probabilities and the uncertainty of every voxel.
struct PredictionRoutes: Sendable {
    let api: API

    private static let volume = "/v1/projects/{project}/volumes/{volume}"

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "\(Self.volume)/prediction", "The dense prediction, on the volume's own grid and affine.",
                query: [API.formatParameter, API.modelParameter], answers: [API.file("The labels, uint8")],
                answer: labels),
            Endpoint(
                .get, "\(Self.volume)/probability", "The probability of a class, or of all as channels.",
                query: [
                    .text(
                        "class", "The class, by the name it has now or had for the model; all as channels by default"),
                    API.formatParameter, API.modelParameter,
                ],
                answers: [API.file("The probability, float32")], answer: probability),
            Endpoint(
                .get, "\(Self.volume)/uncertainty", "The entropy of the probabilities, in nats / ln K.",
                query: [API.formatParameter, API.modelParameter], answers: [API.file("The uncertainty, float32")],
                answer: uncertainty),
        ]
    }

    private func labels(_ request: Request) async throws -> Response {
        let (project, volume) = try await api.volume(request)
        let prediction = try await api.prediction(of: volume, in: project, request)
        let store = api.store
        return try await api.export(
            request, identity: ["prediction", prediction.identity], of: volume,
            name: "\(volume.name)-prediction-\(prediction.modelName)",
            look: api.look(of: project)
        ) {
            try store.source(grid: prediction.labels, cacheBytes: 0)
        }.made(by: prediction.modelName)
    }

    private func probability(_ request: Request) async throws -> Response {
        let (project, volume) = try await api.volume(request)
        let prediction = try await api.prediction(of: volume, in: project, request)
        let channel = try await channel(request, of: prediction, in: project)
        let store = api.store
        let suffix = channel.map { "probability-\($0)" } ?? "probability"
        return try await api.export(
            request, identity: [suffix, prediction.identity], of: volume,
            name: "\(volume.name)-\(suffix)-\(prediction.modelName)",
            look: .share
        ) {
            ProbabilityVolume(try store.source(grid: prediction.probability, cacheBytes: 16 << 20), channel: channel)
        }.made(by: prediction.modelName)
    }

    /// The model's channel for `class=`; a class goes by the name that it has now or had for the model.
    private func channel(
        _ request: Request, of prediction: PredictionRecord, in project: ProjectRecord
    ) async throws -> Int? {
        guard let name = request.query.text("class") else { return nil }
        let known = try await api.store.model(id: prediction.model).classes
        let names = project.classes.map(\.name)
        // A label value never changes its class, so that the project's names are right for models of any age.
        if let channel = names.firstIndex(of: name) ?? known.firstIndex(of: name), channel < known.count {
            return channel
        }
        let now = known.indices.map { names.indices.contains($0) ? names[$0] : known[$0] }
        let about =
            names.contains(name)
            ? "the model \(prediction.modelName) does not know the class \(name); it was trained before the class was "
                + "added, so train again, or ask for another one: "
            : "\"\(name.prefix(80))\" is not a class of the model \(prediction.modelName); its classes are "
        throw HTTPError.invalid(about + now.joined(separator: ", "), field: "class")
    }

    private func uncertainty(_ request: Request) async throws -> Response {
        let (project, volume) = try await api.volume(request)
        let prediction = try await api.prediction(of: volume, in: project, request)
        let store = api.store
        return try await api.export(
            request, identity: ["uncertainty", prediction.identity], of: volume,
            name: "\(volume.name)-uncertainty-\(prediction.modelName)",
            look: .share
        ) {
            UncertaintyVolume(try store.source(grid: prediction.probability, cacheBytes: 16 << 20))
        }.made(by: prediction.modelName)
    }
}

extension PredictionRecord {
    /// Changes whenever the voxels do.
    var identity: String { "\(id) \(labels) \(probability) \(created.timeIntervalSince1970)" }
}
