/// The allowed values of a type, declared once: how they are read (strictly), written and described.
package struct JSONSchema<Value>: Sendable {
    package typealias Read = @Sendable (_ value: JSONValue, _ path: String) throws(JSONError) -> Value

    /// The schema as JSON Schema (2020-12), for OpenAPI.
    package var description: JSONValue
    /// Reads the value at a path, or throws what is wrong with it.
    package let read: Read
    /// The value as JSON; nil if its member is left out.
    package let write: @Sendable (Value) -> JSONValue?

    package init(
        _ description: JSONValue, read: @escaping Read, write: @escaping @Sendable (Value) -> JSONValue?
    ) {
        self.description = description
        self.read = read
        self.write = write
    }

    /// The same schema for another type.
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

    /// The same schema with a further check, which the description does not show.
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

    /// Adds a member to the description.
    package mutating func describe(_ key: String, _ value: JSONValue) {
        guard case .object(var members) = description else { return }
        members[key] = value
        description = .object(members)
    }

    /// The same schema, also accepting `null` or `false` for nil.
    package var orNothing: JSONSchema<Value?> {
        let (read, write) = (read, write)
        return JSONSchema<Value?>(.either([description, ["type": "null"]])) { value, path throws(JSONError) in
            value == .null || value == .bool(false) ? nil : try read(value, path)
        } write: {
            $0.map { write($0) ?? .null } ?? .null
        }
    }
}

extension JSONValue {
    /// The description of a value that fits one of several descriptions.
    package static func either(_ descriptions: [JSONValue]) -> JSONValue { ["anyOf": .array(descriptions)] }

    /// The description of one of several words.
    package static func words(_ words: [String]) -> JSONValue {
        ["type": "string", "enum": .array(words.map(JSONValue.string))]
    }
}
