internal import JSON
internal import Volumes

/// The pieces that schemas are made of; each says what a value means, in which unit and range.
extension OpenAPI {
    static func text(_ meaning: String, example: String? = nil) -> JSONValue {
        described(["type": "string"], meaning, example.map(JSONValue.string))
    }

    static func word(of words: [String], _ meaning: String) -> JSONValue { described(.words(words), meaning) }

    /// Always the same text.
    static func constant(_ word: String, _ meaning: String) -> JSONValue {
        described(["type": "string", "const": .string(word)], meaning)
    }

    /// A whole number of at least `least`.
    static func integer(_ meaning: String, from least: Int = 0, example: Int? = nil) -> JSONValue {
        described(["type": "integer", "minimum": .integer(least)], meaning, example.map(JSONValue.integer))
    }

    static func number(_ meaning: String, example: Double? = nil) -> JSONValue {
        described(["type": "number"], meaning, example.map(JSONValue.number))
    }

    static func number(_ meaning: String, in range: ClosedRange<Double>) -> JSONValue {
        described(.number(in: range), meaning)
    }

    static func boolean(_ meaning: String) -> JSONValue { described(["type": "boolean"], meaning) }

    static func time(_ meaning: String) -> JSONValue {
        described(["type": "string", "format": "date-time"], meaning, "2026-01-31T12:00:00.000Z")
    }

    static func axis(_ meaning: String) -> JSONValue { reference("Axis", meaning) }

    /// The same value, or null.
    static func orNull(_ value: JSONValue) -> JSONValue {
        guard case .object(var members) = value else { return value }
        if case .string(let type)? = members["type"], members["const"] == nil, members["enum"] == nil {
            members["type"] = [.string(type), "null"]
            return .object(members)
        }
        let meaning = members["description"]
        members["description"] = nil
        var either: JSONObject = ["anyOf": [.object(members), ["type": "null"]]]
        either["description"] = meaning
        return .object(either)
    }

    static func reference(_ schema: String) -> JSONValue { ["$ref": .string(path(of: schema))] }

    static func reference(_ schema: String, _ meaning: String) -> JSONValue { described(reference(schema), meaning) }

    static func list(of schema: String, _ meaning: String) -> JSONValue { list(reference(schema), meaning) }

    static func list(_ items: JSONValue, _ meaning: String) -> JSONValue {
        described(["type": "array", "items": items], meaning)
    }

    /// An object whose members all have the same schema and any names.
    static func dictionary(of values: JSONValue, _ meaning: String) -> JSONValue {
        described(["type": "object", "properties": [:], "required": [], "additionalProperties": values], meaning)
    }

    /// An object; all members are required except those named in `optional`.
    static func record(
        _ meaning: String, _ members: KeyValuePairs<String, JSONValue>, optional: Set<String> = []
    ) -> JSONValue {
        let required = members.map(\.key).filter { !optional.contains($0) }
        return [
            "description": .string(meaning),
            "type": "object",
            "properties": .object(JSONObject(members.map { .init(name: $0.key, value: $0.value) })),
            "required": .array(required.map(JSONValue.string)),
        ]
    }

    /// One of several schemas, chosen by the text of a member that all of them have.
    static func choice(_ meaning: String, by member: String, _ schemas: KeyValuePairs<String, String>) -> JSONValue {
        let mapping = JSONObject(schemas.map { .init(name: $0.key, value: .string(path(of: $0.value))) })
        return [
            "description": .string(meaning),
            "oneOf": .array(schemas.map { reference($0.value) }),
            "discriminator": ["propertyName": .string(member), "mapping": .object(mapping)],
        ]
    }

    /// The parts of a form, all of them optional, since clients leave out what they don't need.
    static func form(_ parts: KeyValuePairs<String, JSONValue>) -> JSONValue {
        [
            "type": "object", "properties": .object(JSONObject(parts.map { .init(name: $0.key, value: $0.value) })),
            "required": [],
        ]
    }

    static func file(_ meaning: String) -> JSONValue { described(["type": "string", "format": "binary"], meaning) }

    /// An object of any members.
    static let anyObject: JSONValue = ["type": "object", "required": [], "additionalProperties": true]

    static func described(_ schema: JSONValue, _ meaning: String, _ example: JSONValue? = nil) -> JSONValue {
        guard case .object(var members) = schema else { return schema }
        members["description"] = .string(meaning)
        if let example { members["examples"] = [example] }
        return .object(members)
    }

    private static func path(of schema: String) -> String { "#/components/schemas/\(schema)" }
}
