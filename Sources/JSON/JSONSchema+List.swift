/// How errors call what stands in a list.
package enum ListPath: Sendable {
    /// As the list itself: `augmentation.scale`.
    case whole
    /// By their place: `classes[2]`.
    case places
}

extension JSONSchema where Value: RangeReplaceableCollection & Sendable {
    /// An array of a number of elements, each of which may have to be there once; `name` is what they are, in words.
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
    /// Each element once only.
    package var unique: JSONSchema {
        var schema = checked { values, path throws(JSONError) in
            var seen: Set<Value.Element> = []
            for value in values where !seen.insert(value).inserted {
                throw .invalid(field: path, detail: "has \"\(value)\" twice; once is right")
            }
        }
        schema.describe("uniqueItems", true)
        return schema
    }
}
