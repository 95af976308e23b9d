/// The members that an object may have, each with its place in a value; what it doesn't name is refused.
package struct JSONRecord<Root>: Sendable {
    /// What `null` means for a member that may be missing.
    package enum Null: Sendable {
        /// A value, right or wrong as any other.
        case value
        /// As if the member were not there.
        case absence
    }

    package let fields: [JSONField<Root>]
    private let null: Null

    package init(null: Null = .value, _ fields: [JSONField<Root>]) {
        self.null = null
        self.fields = fields
    }

    /// Reads an object's members over those of a value; `known` are names that are somebody else's.
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
            detail: "is not known here; known are \(names)")
    }

    package func write(_ root: Root) -> JSONObject {
        JSONObject(fields.compactMap { field in field.write(root).map { .init(name: field.name, value: $0) } })
    }

    /// As JSON Schema; `first` are members beside these, and `replacing` descriptions instead of some.
    package func description(
        first: [JSONObject.Member] = [], replacing others: JSONObject = [:]
    ) -> JSONValue {
        let properties = fields.map { field in
            JSONObject.Member(name: field.name, value: field.described(others[field.name] ?? field.description))
        }
        let required = first.map(\.name) + fields.filter(\.isRequired).map(\.name)
        var members: JSONObject = ["type": "object", "properties": .object(JSONObject(first + properties))]
        if !required.isEmpty { members["required"] = .array(required.map(JSONValue.string)) }
        members["additionalProperties"] = false
        return .object(members)
    }
}

extension JSONSchema {
    /// An object by its members, over a value for those that are missing.
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
