import JSON

/// Holds values against schemas of the document, as far as it uses JSON Schema.
struct SchemaCheck: Sendable {
    /// The named schemas.
    let schemas: JSONValue

    /// A schema itself, or the one that it refers to.
    func resolved(_ schema: JSONValue) -> JSONValue {
        guard let path = schema["$ref"].string, let name = path.split(separator: "/").last else { return schema }
        return schemas[String(name)]
    }

    /// What is wrong with the value, each with its path; empty if nothing is.
    func faults(of value: JSONValue, by schema: JSONValue, at path: String = "") -> [String] {
        let schema = resolved(schema)
        for key in ["anyOf", "oneOf"] {
            guard case .array(let choices) = schema[key] else { continue }
            let tried = choices.map { faults(of: value, by: $0, at: path) }
            let fitting = tried.count { $0.isEmpty }
            guard fitting == 0 || (key == "oneOf" && fitting > 1) else { return [] }
            return tried.min { $0.count < $1.count } ?? []
        }
        if schema["const"] != .null, schema["const"] != value { return ["\(path) is not \(schema["const"])"] }
        if case .array(let words) = schema["enum"], !words.contains(value) { return ["\(path) is \(value)"] }
        var types: [String] = schema["type"].string.map { [$0] } ?? []
        if case .array(let several) = schema["type"] { types = several.compactMap(\.string) }
        if !types.isEmpty, !types.contains(where: { Self.isOf($0, value) }) { return ["\(path) is no \(types)"] }
        if let number = value.numeric {
            if let least = schema["minimum"].number, number < least { return ["\(path) is below \(least)"] }
            if let most = schema["maximum"].number, number > most { return ["\(path) is above \(most)"] }
        }
        if case .array(let elements) = value, schema["items"] != .null {
            return elements.enumerated().flatMap { faults(of: $1, by: schema["items"], at: "\(path)[\($0)]") }
        }
        guard case .object = value, types.contains("object") else { return [] }
        return members(of: value, by: schema, at: path)
    }

    private func members(of value: JSONValue, by schema: JSONValue, at path: String) -> [String] {
        var faults: [String] = []
        if case .array(let required) = schema["required"] {
            for name in required.compactMap(\.string) where !value.names.contains(name) {
                faults.append("\(path).\(name) is missing")
            }
        }
        let known = schema["properties"].names
        for name in value.names {
            if known.contains(name) {
                faults += self.faults(of: value[name], by: schema["properties"][name], at: "\(path).\(name)")
            } else if case .object = schema["additionalProperties"] {
                faults += self.faults(of: value[name], by: schema["additionalProperties"], at: "\(path).\(name)")
            } else if schema["additionalProperties"] != .bool(true) {
                faults.append("\(path).\(name) is not in the document")
            }
        }
        return faults
    }

    private static func isOf(_ type: String, _ value: JSONValue) -> Bool {
        switch (type, value) {
        case ("null", .null), ("boolean", .bool), ("string", .string), ("array", .array), ("object", .object),
            ("number", .number), ("number", .integer), ("integer", .integer):
            true
        case ("integer", .number(let number)): number.rounded() == number
        default: false
        }
    }
}
