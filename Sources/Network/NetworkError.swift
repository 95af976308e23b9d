/// Why a network, a weights file or an input shape could not be used.
package enum NetworkError: Error, Equatable, CustomStringConvertible {
    /// A configuration out of range; names the field and its limits.
    case configuration(String)
    /// An input extent that the network cannot take, and the nearest that it can.
    case shape(String)
    /// A weights file that is damaged or belongs to another network.
    case weights(String)

    package var description: String {
        switch self {
        case .configuration(let detail), .shape(let detail), .weights(let detail): detail
        }
    }
}
