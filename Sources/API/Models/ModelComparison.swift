internal import Foundation
internal import JSON
internal import Jobs
internal import Store
internal import Training

/// Models side by side, on the test slices of their project.
struct ModelComparison {
    /// What a model is, and how good it is on each volume with test slices that it has predicted.
    struct Entry {
        let model: ModelRecord
        var scores: [(volume: String, scores: Scores?)] = []
        /// The volumes with test slices that it has not predicted.
        var missing: [String] = []
    }

    static let most = 20
    private(set) var entries: [Entry]
    private let classes: [String]
    private var hasTestSlices = false

    /// Measures each model on the volumes with test slices.
    init(of models: [ModelRecord], in project: ProjectRecord, _ api: API) async throws {
        entries = models.map { Entry(model: $0) }
        classes = project.classes.map(\.name)
        let volumes = try await api.store.volumes(project: project.id)
        let annotations = try await api.store.currentAnnotations(volumes: volumes.map(\.id))
        for (volume, slices) in zip(volumes, annotations) where slices.contains(where: { $0.role == .test }) {
            hasTestSlices = true
            for place in entries.indices {
                do {
                    let report = try await api.predictions.report(on: volume, by: entries[place].model)
                    entries[place].scores.append((volume.name, report.heldout))
                } catch StoreError.notFound {
                    entries[place].missing.append(volume.name)
                }
            }
        }
    }

    /// Why the figures may not be compared as they are.
    var warnings: [String] {
        guard hasTestSlices else {
            return ["The project has no test slice; POST a slice with role=test, or PUT …/role?role=test for one."]
        }
        var warnings = entries.filter { !$0.missing.isEmpty }.map {
            "The model \($0.model.name) has not predicted \($0.missing.joined(separator: ", ")), which "
                + ($0.missing.count == 1 ? "has" : "have") + " test slices."
        }
        if Set(entries.map(\.voxels)).count > 1 {
            warnings.append(
                "The models are not measured on the same voxels: some have not predicted a volume, or have learned from "
                    + "test slices before these were such.")
        }
        return warnings
    }

    var json: JSONValue {
        [
            "models": .array(entries.map { $0.json(classes) }), "warnings": .array(warnings.map(JSONValue.string)),
        ]
    }

    var markdown: String {
        let head = ["model", "state", "learned from", "steps", "seconds", "test voxels", "mean IoU"] + classes
        let rows = entries.map { entry in
            [
                entry.model.name, entry.model.state.rawValue, entry.volumes.joined(separator: ", "),
                entry.metric("steps").map { "\(Int($0))" } ?? "–",
                entry.metric("seconds").map { "\(($0 * 10).rounded() / 10)" } ?? "–", "\(entry.voxels)",
                Markdown.share(entry.meanIoU),
            ] + classes.indices.map { Markdown.share(entry.iou($0)) }
        }
        var lines = ["# Models on test slices", ""] + Markdown.table(head, left: 3, rows)
        if !warnings.isEmpty { lines += ["", "## Warnings", ""] + warnings.map { "- \(Markdown.escaped($0))" } }
        return lines.joined(separator: "\n") + "\n"
    }

    var csv: String {
        let head = ["model", "state", "learned_from", "steps", "seconds", "test_voxels", "mean_iou"]
        let rows = entries.map { entry in
            [
                entry.model.name, entry.model.state.rawValue, entry.volumes.joined(separator: " "),
                entry.metric("steps").map { "\(Int($0))" } ?? "", CSV.number(entry.metric("seconds")),
                "\(entry.voxels)", CSV.number(entry.meanIoU),
            ] + classes.indices.map { CSV.number(entry.iou($0)) }
        }
        return CSV.text([head + classes.map { "iou \($0)" }] + rows)
    }
}
