internal import JSON

/// Schemas in words, as HTML.
enum SchemaText {
    /// A named schema with its properties.
    static func section(_ name: String, _ schema: JSONValue) -> String {
        let required = Set(schema["required"].elements.map(\.words))
        let rows = schema["properties"].members.map { property in
            """
            <tr><td><code>\(HTMLPage.escaped(property.name))</code></td>\
            <td>\(required.contains(property.name) ? "always" : "optional")</td><td>\(type(property.value))</td>\
            <td>\(HTMLPage.escaped(property.value["description"].words))</td></tr>
            """
        }
        return """
            <h3 id="schema-\(name)">\(name)</h3>
            <p>\(HTMLPage.escaped(schema["description"].words))</p>
            \(rows.isEmpty ? "<p>\(type(schema))</p>" : "<table>\n\(rows.joined(separator: "\n"))\n</table>")
            """
    }

    /// What a value may be: "whole number, 0 or more", "list of Class or null".
    static func type(_ schema: JSONValue) -> String {
        if let name = schema["$ref"].words.split(separator: "/").last {
            return "<a href=\"#schema-\(name)\">\(name)</a>"
        }
        for key in ["anyOf", "oneOf", "allOf"] where !schema[key].elements.isEmpty {
            return schema[key].elements.map(type).joined(separator: " or ")
        }
        if schema["const"] != .null { return value(schema["const"]) }
        if !schema["enum"].elements.isEmpty { return schema["enum"].elements.map(value).joined(separator: ", ") }
        if schema["type"] == .null { return HTMLPage.escaped(schema["description"].words) }
        let types = schema["type"].words.isEmpty ? schema["type"].elements.map(\.words) : [schema["type"].words]
        return types.map { one($0, schema) }.joined(separator: " or ")
    }

    private static func one(_ type: String, _ schema: JSONValue) -> String {
        switch type {
        case "integer": "whole number" + range(schema)
        case "number": "number" + range(schema)
        case "boolean": "true or false"
        case "array": "list of \(self.type(schema["items"]))"
        case "object":
            schema["additionalProperties"].members.isEmpty
                ? "object" : "object of \(self.type(schema["additionalProperties"])) by name"
        case "string":
            schema["format"].words == "binary" ? "file" : schema["format"].words == "date-time" ? "time" : "text"
        default: type
        }
    }

    private static func range(_ schema: JSONValue) -> String {
        switch (number(schema["minimum"]), number(schema["maximum"])) {
        case (nil, nil): ""
        case (let least?, nil): ", \(least) or more"
        case (nil, let most?): ", up to \(most)"
        case (let least?, let most?): ", \(least) to \(most)"
        }
    }

    private static func number(_ value: JSONValue) -> String? {
        value.numeric.map { number in Int(exactly: number).map(String.init) ?? String(number) }
    }

    private static func value(_ value: JSONValue) -> String {
        "<code>\(HTMLPage.escaped(value.words.isEmpty ? value.text : value.words))</code>"
    }
}
