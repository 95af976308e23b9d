extension JSONSchema where Value == Int {
    /// A whole number in a range.
    package static func integer(in range: ClosedRange<Int>) -> Self {
        let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        return Self(.integer(in: range)) { value, path throws(JSONError) in
            guard let number = value.numeric else { throw .unexpected(value, at: path, expected: expected) }
            guard let whole = Int(exactly: number), range.contains(whole) else {
                throw .outside(number, at: path, expected: expected)
            }
            return whole
        } write: {
            .integer($0)
        }
    }
}

extension JSONSchema where Value == Double {
    /// A number in a range.
    package static func number(in range: ClosedRange<Double>) -> Self {
        let expected = "a number from \(range.lowerBound) to \(range.upperBound)"
        return Self(.number(in: range)) { value, path throws(JSONError) in
            guard let number = value.numeric else { throw .unexpected(value, at: path, expected: expected) }
            guard range.contains(number) else { throw .outside(number, at: path, expected: expected) }
            return number
        } write: {
            .number($0)
        }
    }
}

extension JSONSchema where Value == Bool {
    package static var bool: Self {
        JSONSchema(["type": "boolean"]) { value, path throws(JSONError) in
            guard case .bool(let bool) = value else {
                throw .unexpected(value, at: path, expected: "true or false")
            }
            return bool
        } write: {
            .bool($0)
        }
    }
}

extension JSONSchema where Value == String {
    /// Any string.
    package static var string: Self {
        Self(["type": "string"]) { value, path throws(JSONError) in
            guard case .string(let text) = value else { throw .unexpected(value, at: path, expected: "a string") }
            return text
        } write: {
            .string($0)
        }
    }
}

extension JSONSchema where Value == JSONValue {
    /// Any value, kept as it was written.
    package static func any(_ description: JSONValue = [:]) -> Self {
        Self(description) { value, _ throws(JSONError) in
            value
        } write: {
            $0
        }
    }
}

extension JSONSchema where Value: RawRepresentable & CaseIterable & Sendable, Value.RawValue == String {
    /// One of the names of an enumeration.
    package static var choice: Self {
        let words = Value.allCases.map(\.rawValue)
        return Self(.words(words)) { value, path throws(JSONError) in
            if case .string(let text) = value, let choice = Value(rawValue: text) { return choice }
            throw .unexpected(field: path, found: value.kind, expected: JSONError.Expectation(words: words))
        } write: {
            .string($0.rawValue)
        }
    }
}

extension JSONError {
    fileprivate static func outside(_ number: Double, at path: String, expected phrase: String) -> JSONError {
        .unexpected(field: path, found: "\(number)", expected: Expectation(phrase: phrase))
    }
}

extension JSONValue {
    /// The description of a whole number in a range.
    package static func integer(in range: ClosedRange<Int>) -> JSONValue {
        ["type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)]
    }

    /// The description of a number in a range.
    package static func number(in range: ClosedRange<Double>) -> JSONValue {
        ["type": "number", "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound)]
    }
}
