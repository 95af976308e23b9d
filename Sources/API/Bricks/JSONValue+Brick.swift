internal import JSON
internal import Store
internal import Volumes

extension JSONValue {
    init(_ content: BrickContent, edge: Int, ready: Int) {
        self = [
            "of": .string(content.kind.rawValue), "model": .optional(content.model),
            "version": .string(content.version), "dtype": .string(content.element.rawValue),
            "channels": .integer(content.channels), "edge": .integer(edge),
            "levels": .levels(content.levels, ready: ready),
        ]
    }

    /// Levels, of which some are there.
    static func levels(_ levels: [Pyramid.Level], ready: Int) -> JSONValue {
        .array(
            levels.enumerated().map { number, level in
                [
                    "level": .integer(number), "shape": JSONValue(level.extent), "factor": JSONValue(level.factor),
                    "spacing": JSONValue(level.spacing), "ready": .bool(number < ready),
                ]
            })
    }

    private init(_ extent: Extent) {
        self = ["z": .integer(extent.z), "y": .integer(extent.y), "x": .integer(extent.x)]
    }
}
