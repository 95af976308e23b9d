/// What is wrong with JSON that came from outside.
package enum JSONError: Error, Equatable, CustomStringConvertible {
    /// What would have been right.
    package struct Expectation: Equatable, Sendable, CustomStringConvertible {
        /// "a whole number from 1 to 7"; nil where only certain words are right.
        package var phrase: String?
        package var words: [String] = []

        package var description: String {
            let quoted = words.map { "\"\($0)\"" }
            guard let phrase else { return "one of \(quoted.joined(separator: ", "))" }
            return ([phrase] + quoted).joined(separator: " or ")
        }
    }

    /// The text is no JSON at all.
    case malformed
    /// A value has the wrong type or lies out of its range; `field` is its path: `recipe.optimizer.rate`.
    case unexpected(field: String, found: String, expected: Expectation)
    /// A member is unknown, missing, or contradicts another.
    case invalid(field: String, detail: String)

    /// The path of what is wrong; `body` for the whole.
    package var field: String {
        switch self {
        case .malformed: "body"
        case .unexpected(let field, _, _), .invalid(let field, _): field.isEmpty ? "body" : field
        }
    }

    /// What is wrong with it and what would be right.
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

    /// The same where a word would have been right, too, for the value at a path.
    package func or(_ word: String, at path: String) -> JSONError {
        guard case .unexpected(path, let found, var expected) = self else { return self }
        expected.words.append(word)
        return .unexpected(field: path, found: found, expected: expected)
    }
}
