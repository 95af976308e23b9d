extension OpenAPI {
    /// What the bodies of requests and answers look like.
    static let schemas: JSON = [
        "Problem": record(
            ["type": text, "title": text, "status": integer, "detail": text, "field": text],
            required: ["type", "title", "status", "detail"]),
        "Class": record(["name": text, "color": color], required: ["name"]),
        "ProjectRequest": record(
            ["classes": list(of: "Class"), "description": text], required: ["classes"]),
        "Project": record(["name": text, "description": text, "classes": list(of: "Class"), "created": time]),
        "Extent": record(["z": integer, "y": integer, "x": integer]),
        "Volume": record([
            "name": text,
            "shape": record(["c": integer, "z": integer, "y": integer, "x": integer]),
            "dtype": text,
            "spacing": record(
                ["z": number, "y": number, "x": number, "unit": orNull("string")], required: ["z", "y", "x"]),
            "sha256": text,
            "bytes": integer,
            "truth": boolean,
            "channels": ["type": "array", "items": reference("Channel")],
            "created": time,
        ]),
        "Channel": record([
            "mean": number, "deviation": number, "minimum": number, "maximum": number, "low": number,
            "high": number,
        ]),
        "Voxels": [
            "type": "object", "additionalProperties": integer,
            "description": "Voxels by the name of their class, and unlabeled ones",
        ],
        "Annotation": record([
            "axis": text, "index": integer, "revision": integer, "author": orNull("string"), "created": time,
            "cleared": boolean, "voxels": reference("Voxels"),
        ]),
        "AnnotationPosted": record([
            "revision": integer, "axis": text, "index": integer, "voxels": reference("Voxels"),
            "conflicts": integer,
        ]),
        "AnnotationsPosted": record([
            "slices": list(of: "AnnotationPosted"), "voxels": reference("Voxels"), "conflicts": integer,
        ]),
        "Truth": record(["name": text, "voxels": reference("Voxels")]),
        "Suggestion": record(["axis": text, "index": integer, "score": number]),
        "Recipe": recipe,
        "JobRequest": jobRequest,
        "Job": record([
            "id": integer, "kind": text,
            "state": ["type": "string", "enum": ["queued", "running", "succeeded", "failed", "cancelled"]],
            "progress": ["type": "object"], "model": orNull("string"), "result": orNull("object"),
            "error": orNull("string"), "created": time, "started": orNull("string"), "finished": orNull("string"),
            "request": ["type": "object"], "attempts": integer,
        ]),
        "CurvePoint": record(
            ["step": integer, "seconds": number, "loss": orNull("number"), "heldout_iou": orNull("number")],
            required: ["step"]),
        "Model": record([
            "name": text, "parent": orNull("string"), "created": time, "job": orNull("integer"),
            "architecture": ["type": "object"], "recipe": ["type": "object"], "seed": integer,
            "labels_hash": orNull("string"), "metrics": orNull("object"),
            "heldout": ["type": ["array", "object", "null"]], "trained_on": ["type": ["array", "object", "null"]],
        ]),
        "Scores": record([
            "voxels": integer, "classes": ["type": "array", "items": ["type": "object"]],
            "mean_iou": orNull("number"), "confusion": ["type": "array", "items": ["type": "array"]],
            "by_axis": ["type": "object"], "by_distance": ["type": "array"],
        ]),
        "Report": record([
            "model": text, "training": nullable("Scores"), "heldout": nullable("Scores"), "truth": nullable("Scores"),
            "warnings": ["type": "array", "items": text],
        ]),
        "AuditEntry": record([
            "id": integer, "time": time, "token": orNull("string"), "project": orNull("string"), "method": text,
            "path": text, "status": integer, "request": text,
        ]),
        "Health": record(["status": text]),
    ]

    static let text: JSON = ["type": "string"]
    static let integer: JSON = ["type": "integer"]
    static let number: JSON = ["type": "number"]
    static let boolean: JSON = ["type": "boolean"]
    private static let time: JSON = ["type": "string", "format": "date-time"]
    private static let color: JSON = ["type": "string", "pattern": "^#[0-9A-Fa-f]{6}$"]

    static func orNull(_ type: String) -> JSON { ["type": [.string(type), "null"]] }

    static func reference(_ schema: String) -> JSON {
        ["$ref": .string("#/components/schemas/\(schema)")]
    }

    private static func nullable(_ schema: String) -> JSON { ["anyOf": [reference(schema), ["type": "null"]]] }

    static func list(of schema: String) -> JSON { ["type": "array", "items": reference(schema)] }

    /// An object; all its members are required unless `required` says which.
    static func record(_ members: KeyValuePairs<String, JSON>, required: [String]? = nil) -> JSON {
        let names = required ?? members.map(\.key)
        var fields: [JSON.Member] = [
            .init(name: "type", value: "object"),
            .init(name: "properties", value: .object(members.map { .init(name: $0.key, value: $0.value) })),
        ]
        if !names.isEmpty { fields.append(.init(name: "required", value: .array(names.map(JSON.string)))) }
        return .object(fields)
    }

    /// An object with some of the members and no others.
    static func strict(_ members: KeyValuePairs<String, JSON>) -> JSON {
        [
            "type": "object",
            "properties": .object(members.map { .init(name: $0.key, value: $0.value) }),
            "additionalProperties": false,
        ]
    }

    static func words(_ words: [String]) -> JSON { ["type": "string", "enum": .array(words.map(JSON.string))] }

    static func whole(_ range: ClosedRange<Int>) -> JSON {
        ["type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)]
    }

    static func numbers(_ range: ClosedRange<Double>) -> JSON {
        ["type": "number", "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound)]
    }

    static func either(_ schemas: JSON...) -> JSON { ["anyOf": .array(schemas)] }
}
