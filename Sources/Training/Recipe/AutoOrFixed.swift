/// A value that is given, or chosen from the volume when the training starts.
package enum AutoOrFixed<Value: Codable & Hashable & Sendable>: Codable, Hashable, Sendable {
    case auto
    case fixed(Value)

    /// The value if it is given.
    package var value: Value? {
        switch self {
        case .auto: nil
        case .fixed(let value): value
        }
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        self = (try? container.decode(String.self)) == "auto" ? .auto : .fixed(try container.decode(Value.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .auto: try container.encode("auto")
        case .fixed(let value): try container.encode(value)
        }
    }
}
