internal import JSON
internal import Training

extension OpenAPI {
    /// The schemas of the bodies of requests and answers.
    static let schemas: JSONValue = [
        "Problem": record(
            ["type": text, "title": text, "status": integer, "detail": text, "field": text],
            required: ["type", "title", "status", "detail"]),
        "Class": ProjectRequest.classSchema,
        "ProjectRequest": ProjectRequest.schema(classes: list(of: "Class")),
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
            "description": "Numbers of voxels by the name of their class, and of unlabeled voxels",
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
        "Recipe": Recipe.record.description(),
        "JobRequest": jobRequest,
        "Job": record([
            "id": integer, "kind": text,
            "state": .words(["queued", "running", "succeeded", "failed", "cancelled"]),
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

    static let text: JSONValue = ["type": "string"]
    static let integer: JSONValue = ["type": "integer"]
    static let number: JSONValue = ["type": "number"]
    static let boolean: JSONValue = ["type": "boolean"]
    private static let time: JSONValue = ["type": "string", "format": "date-time"]

    static func orNull(_ type: String) -> JSONValue { ["type": [.string(type), "null"]] }

    static func reference(_ schema: String) -> JSONValue {
        ["$ref": .string("#/components/schemas/\(schema)")]
    }

    private static func nullable(_ schema: String) -> JSONValue { ["anyOf": [reference(schema), ["type": "null"]]] }

    static func list(of schema: String) -> JSONValue { ["type": "array", "items": reference(schema)] }

    /// An object; all members are required unless `required` lists them.
    static func record(_ members: KeyValuePairs<String, JSONValue>, required: [String]? = nil) -> JSONValue {
        let names = required ?? members.map(\.key)
        var object: JSONObject = [
            "type": "object",
            "properties": .object(JSONObject(members.map { .init(name: $0.key, value: $0.value) })),
        ]
        if !names.isEmpty { object["required"] = .array(names.map(JSONValue.string)) }
        return .object(object)
    }
}
