internal import JSON

/// The named schemas of the document; titled schemas inside of others become named ones, each there once, and lists of words
/// that have a name are told by it.
struct SchemaLibrary {
    private(set) var schemas = JSONObject()
    /// The named lists of words.
    private let lists: [JSONObject.Member]

    init(_ schemas: JSONObject) {
        lists = schemas.members.filter { $0.value["enum"] != .null }
        for member in schemas.members { self.schemas[member.name] = .null }
        for member in schemas.members { self.schemas[member.name] = untitled(lifting(member.value, isNamed: true)) }
    }

    /// The value with references in place of the titled schemas in it.
    private mutating func lifting(_ value: JSONValue, isNamed: Bool = false) -> JSONValue {
        switch value {
        case .array(let values): return .array(values.map { lifting($0) })
        case .object(let object):
            var lifted = JSONObject(object.members.map { .init(name: $0.name, value: lifting($0.value)) })
            if case .string(let title)? = object["title"], object["type"] != nil, !isNamed {
                if schemas[title] ?? .null == .null { schemas[title] = untitled(.object(lifted)) }
                return OpenAPI.reference(title)
            }
            if !isNamed, let list = lists.first(where: { $0.value["enum"] == lifted["enum"] }) {
                lifted["type"] = nil
                lifted["enum"] = nil
                lifted["$ref"] = OpenAPI.reference(list.name)["$ref"]
                return .object(lifted)
            }
            // A single reference needs no allOf around it.
            if case .array(let parts)? = lifted["allOf"], parts.count == 1, case .object(let only) = parts[0] {
                lifted["allOf"] = nil
                for member in only.members { lifted[member.name] = member.value }
            }
            return .object(lifted)
        default: return value
        }
    }

    /// Without the title, which is the schema's name.
    private func untitled(_ value: JSONValue) -> JSONValue {
        guard case .object(var members) = value else { return value }
        members["title"] = nil
        return .object(members)
    }
}
