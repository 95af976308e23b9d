/// A JSON value; objects keep the order of their members, which equality ignores.
package enum JSONValue: Sendable {
    case null
    case bool(Bool)
    /// A whole number, written without a fraction.
    case integer(Int)
    /// Any number; numbers read from text always have this case.
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
    /// Stored JSON text, copied unchanged.
    case raw(String)

    /// The value of a member of an object; null if there is none.
    package subscript(name: String) -> JSONValue {
        guard case .object(let members) = self else { return .null }
        return members[name] ?? .null
    }

    /// The kind of value, in words for a message; for a string the string itself, truncated if it is long.
    package var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a truth value"
        case .integer, .number: "a number"
        case .string(let text): "\"\(text.prefix(80))\""
        case .array: "an array"
        case .object: "an object"
        case .raw: "JSON"
        }
    }

    /// The value if it is a number.
    package var numeric: Double? {
        switch self {
        case .integer(let whole): Double(whole)
        case .number(let number): number
        default: nil
        }
    }

    /// This object with another's members over its own; nested objects are merged in the same way.
    package func merging(_ other: JSONValue) -> JSONValue {
        guard case .object(let mine) = self, case .object(let theirs) = other else { return other }
        return .object(mine.merging(theirs) { $0.merging($1) })
    }
}

extension JSONValue {
    /// A string, or null.
    package static func optional(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }

    /// An integer, or null.
    package static func optional(_ number: Int?) -> JSONValue { number.map(JSONValue.integer) ?? .null }

    /// Stored JSON text, or another value if there is none.
    package static func stored(_ text: String?, else other: JSONValue = .null) -> JSONValue {
        text.map(JSONValue.raw) ?? other
    }
}

extension JSONValue: Hashable {
    package static func == (one: JSONValue, other: JSONValue) -> Bool {
        switch (one, other) {
        case (.null, .null): true
        case (.bool(let one), .bool(let other)): one == other
        case (.integer(let one), .integer(let other)): one == other
        case (.string(let one), .string(let other)), (.raw(let one), .raw(let other)): one == other
        case (.array(let one), .array(let other)): one == other
        case (.object(let one), .object(let other)): one == other
        default: one.numeric != nil && one.numeric == other.numeric
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let flag): hasher.combine(flag)
        case .integer, .number: hasher.combine(numeric)
        case .string(let text), .raw(let text): hasher.combine(text)
        case .array(let values): hasher.combine(values)
        case .object(let members): hasher.combine(members)
        }
    }
}
