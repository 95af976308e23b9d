internal import JSON
package import Volumes

/// The spacing that a network sees volumes at; JSON `"own"`, `"common"` or `{"z":2,"y":0.5,"x":0.5,"unit":"micrometer"}`.
package enum GridSpacing: Hashable, Sendable {
    /// Every volume's own: the network sees voxels as they are.
    case own
    /// The median of the training volumes' on each axis, as in nnU-Net (Isensee et al. 2021).
    case common
    case fixed(Spacing)

    /// The spacing of a resolved recipe; nil if volumes keep theirs.
    package var value: Spacing? {
        if case .fixed(let spacing) = self { spacing } else { nil }
    }

    /// With `common` replaced by its value for volumes, which are then in the unit of the first.
    func resolved(for volumes: [VolumeHeader]) -> GridSpacing {
        guard self == .common, let unit = volumes.first.map(\.spacing.unit) else { return self }
        let all = volumes.map { $0.spacing.converted(to: unit) }
        var median = Spacing(unit: unit)
        for axis in Axis.allCases { median[axis] = all.map { $0[axis] }.sorted()[(all.count - 1) / 2] }
        return .fixed(median)
    }
}

extension GridSpacing {
    private static let words: JSONSchema<GridSpacing> = JSONSchema(.words(["own", "common"])) {
        value, path throws(JSONError) in
        switch value {
        case .string("own"): return .own
        case .string("common"): return .common
        default: throw .unexpected(value, at: path, expected: "\"own\", \"common\" or the lengths z, y and x")
        }
    } write: {
        $0 == .common ? "common" : "own"
    }

    private static let length = JSONSchema<Double>.number(in: 1e-12...1e12)

    private static let lengths = JSONSchema.record(
        JSONRecord<Spacing>(
            "GridSpacing", "The distance between neighbouring voxels that the network sees.",
            [
                JSONField("z", \.z, length, isRequired: true, "The length along z"),
                JSONField("y", \.y, length, isRequired: true, "The length along y"),
                JSONField("x", \.x, length, isRequired: true, "The length along x"),
                JSONField(optional: "unit", \.unit, .string, "Its unit; without one, lengths are bare numbers"),
            ]),
        over: Spacing())

    static let schema = JSONSchema<GridSpacing>(.either([words.description, lengths.description])) {
        value, path throws(JSONError) in
        guard case .object = value else { return try words.read(value, path) }
        return .fixed(try lengths.read(value, path))
    } write: {
        if case .fixed(let spacing) = $0 { lengths.write(spacing) } else { words.write($0) }
    }
}
