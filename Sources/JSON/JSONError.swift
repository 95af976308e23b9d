/// What is wrong with JSON received from outside.
package enum JSONError: Error, Equatable, CustomStringConvertible {
    /// What was expected instead.
    package struct Expectation: Equatable, Sendable, CustomStringConvertible {
        /// "a whole number from 1 to 7"; nil if only certain words are allowed.
        package var phrase: String?
        package var words: [String] = []

        package var description: String {
            let quoted = words.map { "\"\($0)\"" }
            guard let phrase else { return "one of \(quoted.joined(separator: ", "))" }
            return ([phrase] + quoted).joined(separator: " or ")
        }
    }

    /// The text is not JSON.
    case malformed
    /// A value has the wrong type or is out of its range; `field` is its path: `recipe.optimizer.rate`.
    case unexpected(field: String, found: String, expected: Expectation)
    /// A member is unknown, missing, or contradicts another.
    case invalid(field: String, detail: String)

    /// The path of the wrong value; `body` for the whole text.
    package var field: String {
        switch self {
        case .malformed: "body"
        case .unexpected(let field, _, _), .invalid(let field, _): field.isEmpty ? "body" : field
        }
    }

    /// What is wrong with the value and what would be right.
    package var detail: String {
        switch self {
        case .malformed: "is not JSON"
        case .unexpected(_, let found, let expected): "is \(found); \(expected) is expected"
        case .invalid(_, let detail): detail
        }
    }

    package var description: String { "\(field): \(detail)" }

    package static func unexpected(_ value: JSONValue, at path: String, expected phrase: String) -> JSONError {
        .unexpected(field: path, found: value.kind, expected: Expectation(phrase: phrase))
    }

    /// The same error, with a word added to what was expected of the value at a path.
    package func or(_ word: String, at path: String) -> JSONError {
        guard case .unexpected(path, let found, var expected) = self else { return self }
        expected.words.append(word)
        return .unexpected(field: path, found: found, expected: expected)
    }
}
