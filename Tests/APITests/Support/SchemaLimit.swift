import JSON

/// A number within a schema that has limits, and values by that schema with the number at them and beyond them.
struct SchemaLimit: CustomStringConvertible {
    var description: String
    var inside: [JSONValue]
    var outside: [JSONValue]

    /// Every number with limits in a schema, those in members, elements and alternatives included.
    static func all(in schema: JSONValue, of schemas: JSONValue) -> [SchemaLimit] {
        let schema = SchemaCheck(schemas: schemas).resolved(schema)
        for key in ["anyOf", "oneOf"] {
            if case .array(let alternatives) = schema[key] { return alternatives.flatMap { all(in: $0, of: schemas) } }
        }
        if case .object(let members) = schema["properties"] {
            return members.members.flatMap { member in
                all(in: member.value, of: schemas).map { limit in
                    limit.wrapped("." + member.name) { .object(filled(schema, member.name, $0, of: schemas)) }
                }
            }
        }
        if schema["items"] != .null {
            let count = max(1, Int(schema["minItems"].number ?? 1))
            return all(in: schema["items"], of: schemas).map { limit in
                limit.wrapped("[]") { .array(Array(repeating: $0, count: count)) }
            }
        }
        guard let least = schema["minimum"].number, let most = schema["maximum"].number else { return [] }
        let step = schema["type"].string == "integer" ? 1 : 1e-6
        return [
            SchemaLimit(
                description: "", inside: [.number(least), .number(most)],
                outside: [.number(least - step), .number(most + max(step, most.ulp))])
        ]
    }

    private func wrapped(_ name: String, _ wrap: (JSONValue) -> JSONValue) -> SchemaLimit {
        SchemaLimit(description: name + description, inside: inside.map(wrap), outside: outside.map(wrap))
    }

    /// An object with one member, and whatever others it must have.
    private static func filled(
        _ schema: JSONValue, _ name: String, _ value: JSONValue, of schemas: JSONValue
    ) -> JSONObject {
        var object: JSONObject = [name: value]
        guard case .array(let required) = schema["required"] else { return object }
        for case .string(let other) in required where other != name {
            let member = SchemaCheck(schemas: schemas).resolved(schema["properties"][other])
            if member["const"] != .null {
                object[other] = member["const"]
            } else if case .array(let words) = member["enum"] {
                object[other] = words.first
            } else {
                object[other] = member["minimum"] == .null ? "a" : member["minimum"]
            }
        }
        return object
    }
}
