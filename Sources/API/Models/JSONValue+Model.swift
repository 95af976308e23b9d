internal import JSON
internal import Store

extension JSONValue {
    init(_ model: ModelRecord) {
        self = [
            "name": .string(model.name),
            "parent": .optional(model.parent),
            "created": .time(model.created),
            "job": .optional(model.job.map(Int.init)),
            "state": .string(model.state.rawValue),
            "classes": .array(model.classes.map(JSONValue.string)),
            "architecture": .raw(model.configuration),
            "recipe": .raw(model.recipe),
            "seed": .integer(Int(model.seed)),
            "labels_hash": .optional(model.labelsHash),
            "metrics": .stored(model.metrics),
            "heldout": .stored(model.heldOut),
            "trained_on": .stored(model.trainedOn),
            "bytes": .integer(model.bytes),
        ]
    }
}
