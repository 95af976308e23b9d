/// One member that an object may have: its name, where its value is stored, its schema and its meaning.
package struct JSONField<Root>: Sendable {
    package let name: String
    package let description: JSONValue
    package private(set) var isRequired: Bool
    /// The meaning, shown in the schema.
    private let meaning: String?
    let read: @Sendable (_ root: inout Root, _ value: JSONValue, _ path: String) throws(JSONError) -> Void
    let write: @Sendable (Root) -> JSONValue?

    package init<Value>(
        _ name: String, _ place: any WritableKeyPath<Root, Value> & Sendable, _ schema: JSONSchema<Value>,
        isRequired: Bool = false, _ meaning: String? = nil
    ) {
        self.name = name
        description = schema.description
        self.isRequired = isRequired
        self.meaning = meaning
        read = { root, value, path throws(JSONError) in root[keyPath: place] = try schema.read(value, path) }
        write = { schema.write($0[keyPath: place]) }
    }

    /// A member that is not written if its value is nil.
    package init<Value>(
        optional name: String, _ place: any WritableKeyPath<Root, Value?> & Sendable, _ schema: JSONSchema<Value>,
        _ meaning: String? = nil
    ) {
        self.name = name
        description = schema.description
        isRequired = false
        self.meaning = meaning
        read = { root, value, path throws(JSONError) in root[keyPath: place] = try schema.read(value, path) }
        write = { $0[keyPath: place].flatMap(schema.write) }
    }

    /// A nested object, whose members are read over the present ones.
    package init<Value>(
        _ name: String, _ place: any WritableKeyPath<Root, Value> & Sendable, _ record: JSONRecord<Value>,
        _ meaning: String? = nil
    ) {
        self.name = name
        description = record.description()
        isRequired = false
        self.meaning = meaning
        read = { root, value, path throws(JSONError) in
            try record.read(value, into: &root[keyPath: place], path: path)
        }
        write = { .object(record.write($0[keyPath: place])) }
    }

    /// The same for a required member.
    package var required: JSONField {
        var field = self
        field.isRequired = true
        return field
    }

    /// The schema's description with the field's meaning; a schema with a title keeps its own meaning.
    func described(_ description: JSONValue) -> JSONValue {
        guard let meaning, case .object(var members) = description else { return description }
        if members["title"] != nil || members["$ref"] != nil {
            return ["allOf": [description], "description": .string(meaning)]
        }
        members["description"] = .string(meaning)
        return .object(members)
    }

    /// The error for a required member that is missing, with what the schema expects (as for `null`).
    func missing(from root: Root, at path: String) -> JSONError {
        var root = root
        do throws(JSONError) {
            try read(&root, .null, path)
        } catch {
            if case .unexpected(_, _, let expected) = error {
                return .invalid(field: path, detail: "is missing; \(expected) is expected")
            }
        }
        return .invalid(field: path, detail: "is missing")
    }

    static func path(_ path: String, _ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
}
