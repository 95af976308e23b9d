package import JSON

/// Why a training, prediction or report could not be done as asked.
package enum TrainingError: Error, Equatable, CustomStringConvertible {
    /// A recipe, budget or holdout says something that is unknown, ill-typed or out of range; `field` is the key's path.
    case invalid(field: String, detail: String)
    /// There is nothing to learn from; says what is missing.
    case nothingToLearn(String)
    /// A model does not fit the data, or two volumes do not fit each other.
    case mismatch(String)
    /// The loss is no longer a number, and there are no good weights to go back to.
    case diverged(step: Int, rate: Double)

    package var description: String {
        switch self {
        case .invalid(let field, let detail): "\(field): \(detail)"
        case .nothingToLearn(let detail), .mismatch(let detail): detail
        case .diverged(let step, let rate):
            "The loss is no number any more after step \(step); a rate below \(rate) may keep it finite."
        }
    }
}

extension TrainingError {
    /// Reads JSON by its schema; what is wrong with it is wrong with the recipe, budget or holdout that it holds.
    static func reading<Value>(
        _ schema: JSONSchema<Value>, _ value: JSONValue, _ path: String
    ) throws(TrainingError) -> Value {
        do throws(JSONError) {
            return try schema.read(value, path)
        } catch {
            throw TrainingError(error)
        }
    }

    package init(_ error: JSONError) { self = .invalid(field: error.field, detail: error.detail) }
}
