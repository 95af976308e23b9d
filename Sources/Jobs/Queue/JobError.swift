internal import Training

/// Why a job could not be taken or done.
package enum JobError: Error, Equatable, CustomStringConvertible {
    /// The request is no JSON object at all.
    case malformed(String)
    /// A field of the request is wrong; the detail says what would be right.
    case invalid(field: String, detail: String)
    /// The work itself failed; the message is for the person who asked for it.
    case failed(String)

    package var description: String {
        switch self {
        case .malformed(let detail), .failed(let detail): detail
        case .invalid(let field, let detail): "\(field): \(detail)"
        }
    }

    /// What Training refuses, as a fault of a field of the request.
    init(_ error: TrainingError, field: String) {
        self =
            switch error {
            case .invalid(let field, let detail): .invalid(field: field, detail: detail)
            default: .invalid(field: field, detail: error.description)
            }
    }
}
