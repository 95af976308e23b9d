/// Why a model can't go to another program, or come from one.
package enum ExchangeError: Error, Equatable, CustomStringConvertible {
    /// The model does something that the format can't say; names it.
    case inexpressible(String)
    /// What was said about the model is wrong; `field` is the parameter.
    case invalid(field: String, detail: String)
    /// A tensor of the file has no place in a network of Slicewise; names it, and what would be right.
    case misfit(String)

    package var description: String {
        switch self {
        case .inexpressible(let detail), .misfit(let detail): detail
        case .invalid(let field, let detail): "\(field): \(detail)"
        }
    }
}
