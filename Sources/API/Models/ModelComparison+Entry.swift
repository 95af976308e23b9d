internal import Foundation
internal import JSON
internal import Store
internal import Training

extension ModelComparison.Entry {
    private var parts: [Scores] { scores.compactMap(\.scores) }

    /// The number of voxels that it is measured on.
    var voxels: Int { parts.reduce(0) { $0 + $1.voxels } }

    /// TP / (TP + FP + FN) of a class over all test slices together; `nil` for 0/0.
    func iou(_ value: Int) -> Double? {
        let counts = parts.compactMap { $0.classes.indices.contains(value) ? $0.classes[value] : nil }
        let hits = counts.reduce(0) { $0 + $1.tp }
        let union = counts.reduce(hits) { $0 + $1.fp + $1.fn }
        return union > 0 ? Double(hits) / Double(union) : nil
    }

    /// The mean over the classes whose IoU is defined.
    var meanIoU: Double? {
        let known = (0..<(parts.map(\.classes.count).max() ?? 0)).compactMap(iou)
        return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
    }

    /// The volumes that it has learned from; none if that is unknown.
    var volumes: [String] { object(model.trainedOn)?.names.sorted() ?? [] }

    /// A number of the training's result.
    func metric(_ name: String) -> Double? {
        guard case .number(let value)? = object(model.metrics)?[name] else { return nil }
        return value
    }

    private func object(_ text: String?) -> JSONObject? {
        guard let text, case .object(let object)? = try? JSONValue(json: Data(text.utf8)) else { return nil }
        return object
    }

    func json(_ classes: [String]) -> JSONValue {
        [
            "model": .string(model.name),
            "state": .string(model.state.rawValue),
            "parent": .optional(model.parent),
            "classes": .array(model.classes.map(JSONValue.string)),
            "volumes": .array(volumes.map(JSONValue.string)),
            "steps": metric("steps").map { .integer(Int($0)) } ?? .null,
            "seconds": metric("seconds").map(JSONValue.number) ?? .null,
            "voxels": .integer(voxels),
            "mean_iou": meanIoU.map(JSONValue.number) ?? .null,
            "iou": .object(
                JSONObject(
                    classes.enumerated().map { value, name in
                        .init(name: name, value: iou(value).map(JSONValue.number) ?? .null)
                    })),
            "by_volume": .array(
                scores.map { volume, scores in
                    [
                        "volume": .string(volume), "voxels": .integer(scores?.voxels ?? 0),
                        "mean_iou": scores?.meanIoU.map(JSONValue.number) ?? .null,
                    ]
                }),
            "missing": .array(missing.map(JSONValue.string)),
        ]
    }
}
