internal import JSON

/// Sizes z, y, x for each level of a network: kernels, or the windows of pooling; JSON `"auto"`, `"uniform"` or
/// `[[1,2,2],[2,2,2]]`.
package enum LevelSizes: Hashable, Sendable {
    /// Chosen from the volumes' spacing and extent.
    case auto
    /// The same at every level, on every axis that the network's dimensions include.
    case uniform
    case fixed([[Int]])

    /// The given sizes; nil for `auto` and `uniform`.
    package var value: [[Int]]? {
        if case .fixed(let sizes) = self { sizes } else { nil }
    }
}

extension LevelSizes {
    /// A word, or three sizes for each level, each one of the two allowed.
    static func schema(of allowed: (Int, Int)) -> JSONSchema<LevelSizes> {
        let size: JSONValue = ["type": "integer", "enum": [.integer(allowed.0), .integer(allowed.1)]]
        let level: JSONValue = ["type": "array", "items": size, "minItems": 3, "maxItems": 3]
        let description = JSONValue.either([.words(["uniform", "auto"]), ["type": "array", "items": level]])
        return JSONSchema(description) { value, path throws(JSONError) in
            switch value {
            case .string("auto"): return .auto
            case .string("uniform"): return .uniform
            case .array(let levels):
                var sizes: [[Int]] = []
                for level in levels { sizes.append(try LevelSizes.sizes(level, of: allowed, path)) }
                return .fixed(sizes)
            default:
                throw .unexpected(
                    value, at: path, expected: "\"auto\", \"uniform\" or the sizes z, y, x of each level")
            }
        } write: { sizes in
            switch sizes {
            case .auto: "auto"
            case .uniform: "uniform"
            case .fixed(let sizes): .array(sizes.map { .array($0.map(JSONValue.integer)) })
            }
        }
    }

    private static func sizes(_ level: JSONValue, of allowed: (Int, Int), _ path: String) throws(JSONError) -> [Int] {
        guard case .array(let values) = level, values.count == 3 else {
            throw .unexpected(level, at: path, expected: "an array of the sizes z, y, x for each level")
        }
        let sizes = values.compactMap { value in
            value.numeric.flatMap { Int(exactly: $0) }.flatMap { [allowed.0, allowed.1].contains($0) ? $0 : nil }
        }
        guard sizes.count == values.count else {
            throw .invalid(
                field: path,
                detail: "has a size that is neither \(allowed.0) nor \(allowed.1); each is one of them")
        }
        return sizes
    }
}
