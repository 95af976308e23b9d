/// The members that an object may have, each with the property that it sets; other members are refused.
package struct JSONRecord<Root>: Sendable {
    /// What `null` means for an optional member.
    package enum Null: Sendable {
        /// A value like any other, which the schema accepts or refuses.
        case value
        /// The same as a missing member.
        case absence
    }

    package let fields: [JSONField<Root>]
    private let null: Null
    /// The name and the meaning of the object in a document of schemas.
    private let title: String?
    private let meaning: String?

    package init(null: Null = .value, _ fields: [JSONField<Root>]) {
        title = nil
        meaning = nil
        self.null = null
        self.fields = fields
    }

    /// A record with a name and a meaning.
    package init(_ title: String, _ meaning: String, null: Null = .value, _ fields: [JSONField<Root>]) {
        self.title = title
        self.meaning = meaning
        self.null = null
        self.fields = fields
    }

    /// Reads an object's members over those of a value; `known` are names that are read elsewhere.
    package func read(
        _ value: JSONValue, into root: inout Root, path: String, known: [String] = []
    ) throws(JSONError) {
        guard case .object(let object) = value else { throw .unexpected(value, at: path, expected: "an object") }
        var rest = Dictionary(object.members.map { ($0.name, $0.value) }) { first, _ in first }
        for name in known { rest[name] = nil }
        for field in fields {
            let value = rest.removeValue(forKey: field.name)
            if let value, null == .value || value != .null {
                try field.read(&root, value, JSONField<Root>.path(path, field.name))
            } else if field.isRequired {
                throw field.missing(from: root, at: JSONField<Root>.path(path, field.name))
            }
        }
        guard let unknownName = rest.keys.min() else { return }
        let names = (known + fields.map(\.name)).sorted().joined(separator: ", ")
        throw .invalid(
            field: JSONField<Root>.path(path, String(unknownName.prefix(80))),
            detail: "is not a known field; known are \(names)")
    }

    package func write(_ root: Root) -> JSONObject {
        JSONObject(fields.compactMap { field in field.write(root).map { .init(name: field.name, value: $0) } })
    }

    /// The record as JSON Schema; `first` are additional required members, `replacing` has other descriptions for some.
    package func description(
        first: [JSONObject.Member] = [], replacing others: JSONObject = [:]
    ) -> JSONValue {
        let properties = fields.map { field in
            JSONObject.Member(name: field.name, value: field.described(others[field.name] ?? field.description))
        }
        let required = first.map(\.name) + fields.filter(\.isRequired).map(\.name)
        var members: JSONObject = [:]
        if let title { members["title"] = .string(title) }
        if let meaning { members["description"] = .string(meaning) }
        members["type"] = "object"
        members["properties"] = .object(JSONObject(first + properties))
        members["required"] = .array(required.map(JSONValue.string))
        members["additionalProperties"] = false
        return .object(members)
    }
}

extension JSONSchema {
    /// The schema of an object with these members; missing ones are taken from a default value.
    package static func record(
        _ record: JSONRecord<Value>, over start: Value
    ) -> JSONSchema where Value: Sendable {
        JSONSchema(record.description()) { value, path throws(JSONError) in
            var root = start
            try record.read(value, into: &root, path: path)
            return root
        } write: {
            .object(record.write($0))
        }
    }
}
