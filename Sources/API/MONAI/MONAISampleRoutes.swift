internal import Foundation
internal import HTTP
internal import JSON
internal import Store
internal import Training
internal import Volumes

/// How the next image to annotate is chosen.
enum MONAIStrategy: String, CaseIterable {
    case uncertainty
    case first

    var meaning: String {
        switch self {
        case .uncertainty: "The image with the slice most worth annotating; without a model one not annotated yet"
        case .first: "The first image, by name, without annotations"
        }
    }
}

/// The next image to annotate, for clients of MONAI Label.
struct MONAISampleRoutes: Sendable {
    let api: API

    var endpoints: [Endpoint] {
        var next = Endpoint(
            .post, "\(API.monai)/activelearning/{strategy}",
            "The image that is most worth annotating, and which slice of it.", role: .viewer,
            policy: .memory(limit: APISettings.jsonLimit), content: [.json("MONAIParameters")],
            answers: [.init(200, "The image; an empty object if there is none", .json("MONAISample"))], answer: next)
        next.isBodyOptional = true
        return [next]
    }

    private func next(_ request: Request) async throws -> Response {
        let project = try await api.project(request)
        let name = try request.parameter("strategy")
        guard let strategy = MONAIStrategy(rawValue: name) else {
            let known = MONAIStrategy.allCases.map(\.rawValue).joined(separator: " and ")
            throw HTTPError.notFound("there is no strategy \"\(name.prefix(80))\"; there are \(known)")
        }
        _ = try request.monaiParameters()
        let volumes = try await api.monaiVolumes(of: project)
        let annotations = try await api.store.currentAnnotations(volumes: volumes.map(\.id))
        let untouched = zip(volumes, annotations).first { $0.1.isEmpty }?.0
        var suggested: (volume: VolumeRecord, suggestion: SliceUncertainty.Suggestion, model: String)?
        if strategy == .uncertainty {
            let model = try await api.monaiCurrentModel(of: project)
            for (volume, current) in zip(volumes, annotations) {
                guard let prediction = try await api.monaiPrediction(of: volume, by: model) else { continue }
                let best = try await api.suggestions(
                    count: 1, of: volume, by: prediction, avoiding: current.map(\.position)
                ).first
                if let best, best.score > suggested?.suggestion.score ?? -1 {
                    suggested = (volume, best, prediction.modelName)
                }
            }
        }
        let volume = suggested?.volume ?? untouched ?? (strategy == .uncertainty ? volumes.first : nil)
        guard let volume else { return .json([:]) }
        return .json(Self.sample(volume, strategy, suggested.map { ($0.suggestion, $0.model) }))
    }

    private static func sample(
        _ volume: VolumeRecord, _ strategy: MONAIStrategy,
        _ suggested: (suggestion: SliceUncertainty.Suggestion, model: String)?
    ) -> JSONValue {
        var object: JSONObject = [
            "id": .string(volume.name), "name": .string("\(volume.name).nii.gz"), "path": "",
            "ts": .integer(Int(volume.created.timeIntervalSince1970)),
            "weight": .number(suggested?.suggestion.score ?? 1),
            "strategy": .string(strategy.rawValue),
        ]
        if let (suggestion, model) = suggested {
            object["axis"] = .string(suggestion.position.axis.rawValue)
            object["index"] = .integer(suggestion.position.index)
            object["score"] = .number(suggestion.score)
            object["model"] = .string(model)
        }
        return .object(object)
    }
}
