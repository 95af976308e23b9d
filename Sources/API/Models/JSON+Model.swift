internal import Store

extension JSON {
    init(_ model: ModelRecord) {
        self = [
            "name": .string(model.name),
            "parent": .optional(model.parent),
            "created": .time(model.created),
            "job": .optional(model.job.map(Int.init)),
            "classes": .array(model.classes.map(JSON.string)),
            "architecture": .text(model.configuration),
            "recipe": .text(model.recipe),
            "seed": .integer(Int(model.seed)),
            "labels_hash": .optional(model.labelsHash),
            "metrics": .stored(model.metrics),
            "heldout": .stored(model.heldOut),
            "trained_on": .stored(model.trainedOn),
            "bytes": .integer(model.bytes),
        ]
    }
}
