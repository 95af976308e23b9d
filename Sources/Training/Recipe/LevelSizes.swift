/// Sizes z, y, x for each level of a network: kernels, or the windows of pooling; JSON `"auto"`, `"uniform"` or
/// `[[1,2,2],[2,2,2]]`.
package enum LevelSizes: Encodable, Hashable, Sendable {
    /// Chosen from the volumes' spacing and extent.
    case auto
    /// The same at every level, on every axis that the network's dimensions include.
    case uniform
    case fixed([[Int]])

    /// The sizes if they are given.
    package var value: [[Int]]? {
        if case .fixed(let sizes) = self { sizes } else { nil }
    }

    /// Reads the word or the sizes, each of them one of the two that are allowed.
    init(_ value: JSONValue, _ key: String, _ fields: StrictFields, of allowed: (Int, Int)) throws(TrainingError) {
        switch value {
        case .string("auto"): self = .auto
        case .string("uniform"): self = .uniform
        case .array(let levels):
            var sizes: [[Int]] = []
            for level in levels {
                guard case .array(let values) = level, values.count == 3 else {
                    throw fields.wrong(key, level, expected: "an array of the sizes z, y, x for each level")
                }
                var entry: [Int] = []
                for value in values {
                    guard case .number(let number) = value, let size = Int(exactly: number),
                        size == allowed.0 || size == allowed.1
                    else {
                        throw .invalid(
                            field: fields.name(key),
                            detail: "has a size that is neither \(allowed.0) nor \(allowed.1); each is one of them")
                    }
                    entry.append(size)
                }
                sizes.append(entry)
            }
            self = .fixed(sizes)
        default:
            throw fields.wrong(key, value, expected: "\"auto\", \"uniform\" or the sizes z, y, x of each level")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .auto: try container.encode("auto")
        case .uniform: try container.encode("uniform")
        case .fixed(let sizes): try container.encode(sizes)
        }
    }
}
