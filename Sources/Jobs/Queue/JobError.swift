internal import Training

/// Why a job was refused or failed.
package enum JobError: Error, Equatable, CustomStringConvertible {
    /// The request is not a JSON object.
    case malformed(String)
    /// A field of the request is wrong; the detail says what would be right.
    case invalid(field: String, detail: String)
    /// Too much of this kind waits to be computed.
    case busy
    /// The work failed; the message is for the user.
    case failed(String)

    package var description: String {
        switch self {
        case .malformed(let detail), .failed(let detail): detail
        case .invalid(let field, let detail): "\(field): \(detail)"
        case .busy: "newer requests for slices of this volume came meanwhile, and as many as may wait do; try again"
        }
    }

    /// Converts an error of Training to one about a field of the request.
    init(_ error: TrainingError, field: String) {
        self =
            switch error {
            case .invalid(let field, let detail): .invalid(field: field, detail: detail)
            default: .invalid(field: field, detail: error.description)
            }
    }
}
