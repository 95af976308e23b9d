/// How errors name the elements of a list.
package enum ListPath: Sendable {
    /// Like the list itself: `augmentation.scale`.
    case whole
    /// By index: `classes[2]`.
    case places
}

extension JSONSchema where Value: RangeReplaceableCollection & Sendable {
    /// An array with a range of lengths; `name` describes it in error messages.
    package static func list(
        of element: JSONSchema<Value.Element>, _ name: String, count: ClosedRange<Int> = 0...Int.max,
        path naming: ListPath = .whole
    ) -> Self {
        Self(description(element.description, count)) { value, path throws(JSONError) in
            guard case .array(let values) = value else { throw .unexpected(value, at: path, expected: name) }
            guard count.contains(values.count) else {
                throw .unexpected(
                    field: path, found: "an array of \(values.count)", expected: JSONError.Expectation(phrase: name))
            }
            var taken = Value()
            for (place, value) in values.enumerated() {
                taken.append(try element.read(value, naming == .whole ? path : "\(path)[\(place)]"))
            }
            return taken
        } write: {
            .array($0.compactMap(element.write))
        }
    }

    private static func description(_ element: JSONValue, _ count: ClosedRange<Int>) -> JSONValue {
        var members: JSONObject = ["type": "array", "items": element]
        if count.lowerBound > 0 { members["minItems"] = .integer(count.lowerBound) }
        if count.upperBound < .max { members["maxItems"] = .integer(count.upperBound) }
        return .object(members)
    }
}

extension JSONSchema where Value: Collection & Sendable, Value.Element: Hashable {
    /// The same list, refusing repeated elements.
    package var unique: JSONSchema {
        var schema = checked { values, path throws(JSONError) in
            var seen: Set<Value.Element> = []
            for value in values where !seen.insert(value).inserted {
                throw .invalid(field: path, detail: "has \"\(value)\" twice; each may occur once")
            }
        }
        schema.describe("uniqueItems", true)
        return schema
    }
}
