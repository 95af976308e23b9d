internal import Foundation
internal import HTTP
internal import JSON
internal import Store
internal import Volumes

/// What clients of MONAI Label ask first: classes, models, trainers, strategies; and the log of the newest training.
struct MONAIInfoRoutes: Sendable {
    let api: API

    private static let lines = 1...10_000

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "\(API.monai)/info", "The project as an app of MONAI Label.",
                answers: [.init(200, "Its classes, models and trainers", .json("MONAIInfo"))], answer: info),
            Endpoint(
                .get, "\(API.monai)/logs", "The log of the newest job.",
                query: [
                    .integer("lines", "The last lines only; 300 by default", in: Self.lines),
                    .flag("html", "Taken, and ignored: it is text"), .flag("text", "Taken: it is text"),
                    .integer("refresh", "Seconds after which a browser asks again; never by default"),
                ],
                answers: [.init(200, "Lines of text", .init(type: "text/plain", schema: ["type": "string"]))],
                answer: log),
        ]
    }

    private func info(_ request: Request) async throws -> Response {
        let project = try await api.project(request)
        let labels = try MONAILabels(project)
        let volumes = try await api.monaiVolumes(of: project)
        let trainer: JSONValue = [
            "description": "Trains a U-Net on all annotated slices, then predicts the volumes",
            "config": MONAITraining.configuration,
        ]
        let strategies = MONAIStrategy.allCases.map { strategy in
            JSONObject.Member(name: strategy.rawValue, value: ["description": .string(strategy.meaning)])
        }
        var object: JSONObject = [
            "name": .string("Slicewise – \(project.name)"),
            "description": .string(
                project.description.isEmpty ? "From a few annotated slices to all of the image" : project.description),
            "version": "0.8.5", "labels": .array(labels.painted.map(JSONValue.string)),
            "models": try await models(of: project, labels),
            "trainers": .object(JSONObject([.init(name: MONAITask.trainer, value: trainer)])),
            "strategies": .object(JSONObject(strategies)),
            "scoring": [:], "train_stats": [:],
            "datastore": try await api.monaiStatistics(of: project, volumes),
        ]
        if let job = try await api.monaiTrainings(of: project).first {
            let task = MONAITask(job, points: try await api.store.curve(job: job.id))
            object["train_stats"] = .object(JSONObject([.init(name: MONAITask.trainer, value: task.statistics)]))
        }
        return .json(.object(object))
    }

    private func models(of project: ProjectRecord, _ labels: MONAILabels) async throws -> JSONValue {
        let models = try await api.store.models(project: project.id)
        guard let current = try await api.monaiCurrentModel(of: project) else { return [:] }
        let entry = { (model: ModelRecord, description: String) -> JSONValue in
            [
                "type": "segmentation", "labels": labels.names(of: model.classes.count), "dimension": 3,
                "description": .string(description),
            ]
        }
        var object = JSONObject()
        object["latest"] = entry(current, "The model that the project goes by: \(current.name)")
        for model in models where model.name != "latest" {
            object[model.name] = entry(model, "Trained \(model.created.formatted(.iso8601))")
        }
        return .object(object)
    }

    private func log(_ request: Request) async throws -> Response {
        let project = try await api.project(request)
        let count = try request.query.integer("lines", in: Self.lines) ?? 300
        for name in ["html", "text"] { _ = try request.query.flag(name) }
        let refresh = try request.query.integer("refresh", in: 0...86_400) ?? 0
        var lines: [String] = []
        if let job = try await api.store.jobs(project: project.id).first {
            lines = ["job \(job.id), \(job.kind): \(job.state.rawValue)"]
            for event in try await api.store.events(job: job.id) {
                lines.append("\(event.created.formatted(.iso8601)) \(event.type) \(event.data)")
            }
        } else {
            lines = ["there is no job yet"]
        }
        var response = Response.text(lines.suffix(count).joined(separator: "\n") + "\n")
        if refresh > 0 { response.headers["Refresh"] = "\(refresh)" }
        return response
    }
}

extension API {
    /// How many images there are, and how many have annotations and predictions.
    func monaiStatistics(of project: ProjectRecord, _ volumes: [VolumeRecord]) async throws -> JSONValue {
        let annotations = try await store.currentAnnotations(volumes: volumes.map(\.id))
        let model = try await monaiCurrentModel(of: project)
        var predicted = 0
        for volume in volumes where try await monaiPrediction(of: volume, by: model) != nil { predicted += 1 }
        let completed = annotations.count { !$0.isEmpty }
        return [
            "total": .integer(volumes.count), "completed": .integer(completed),
            "label_tags": ["final": .integer(completed), "original": .integer(predicted)],
        ]
    }
}
