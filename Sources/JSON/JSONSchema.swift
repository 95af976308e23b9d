/// What a value may be, said once: how it is read, strictly, how it is written, and how others are told.
package struct JSONSchema<Value>: Sendable {
    package typealias Read = @Sendable (_ value: JSONValue, _ path: String) throws(JSONError) -> Value

    /// The same as JSON Schema (2020-12), for OpenAPI.
    package var description: JSONValue
    /// Takes the value at a path, or says what is wrong with it.
    package let read: Read
    /// The value as JSON; nil where its member is left out.
    package let write: @Sendable (Value) -> JSONValue?

    package init(
        _ description: JSONValue, read: @escaping Read, write: @escaping @Sendable (Value) -> JSONValue?
    ) {
        self.description = description
        self.read = read
        self.write = write
    }

    /// The same for another type.
    package func map<Other>(
        _ make: @escaping @Sendable (Value) -> Other, _ unmake: @escaping @Sendable (Other) -> Value
    ) -> JSONSchema<Other> {
        let (read, write) = (read, write)
        return JSONSchema<Other>(description) { value, path throws(JSONError) in
            make(try read(value, path))
        } write: {
            write(unmake($0))
        }
    }

    /// Refuses some of the values that would be right by their description.
    package func checked(
        _ check: @escaping @Sendable (_ value: Value, _ path: String) throws(JSONError) -> Void
    ) -> JSONSchema {
        let read = read
        return JSONSchema(description) { value, path throws(JSONError) in
            let taken = try read(value, path)
            try check(taken, path)
            return taken
        } write: { [write] in
            write($0)
        }
    }

    /// Says more about it.
    package mutating func describe(_ key: String, _ value: JSONValue) {
        guard case .object(var members) = description else { return }
        members[key] = value
        description = .object(members)
    }

    /// Nothing as well, written `null` or `false`.
    package var orNothing: JSONSchema<Value?> {
        let (read, write) = (read, write)
        return JSONSchema<Value?>(.either([description, ["enum": [.null, false]]])) { value, path throws(JSONError) in
            value == .null || value == .bool(false) ? nil : try read(value, path)
        } write: {
            $0.map { write($0) ?? .null } ?? .null
        }
    }
}

extension JSONValue {
    /// The description of what fits one of several.
    package static func either(_ descriptions: [JSONValue]) -> JSONValue { ["anyOf": .array(descriptions)] }

    /// The description of one of several words.
    package static func words(_ words: [String]) -> JSONValue {
        ["type": "string", "enum": .array(words.map(JSONValue.string))]
    }
}
