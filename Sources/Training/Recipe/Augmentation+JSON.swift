internal import JSON
internal import Volumes

extension Augmentation {
    static let record = JSONRecord<Augmentation>([
        JSONField("rotation", \.rotation, .number(in: 0...180)),
        JSONField("scale", \.scale, Scale.schema),
        JSONField(
            "elastic", \.elastic, JSONSchema.record(Elastic.record, over: Elastic(spacing: 32, sigma: 4)).orNothing),
        JSONField("turn", \.turn, .choice),
        JSONField("gray", \.gray, Gray.schema),
        JSONField("noise", \.noise, .number(in: 0...4)),
        JSONField("blur", \.blur, .number(in: 0...4)),
        JSONField("sharpen", \.sharpen, .number(in: 0...4)),
        JSONField("mirror", \.mirror, axes.orAuto),
    ])

    /// Axes by their names.
    static let axes = JSONSchema<[Axis]>.list(of: .choice, "an array of axes")
}

extension Augmentation.Scale {
    /// The smallest and the largest factor.
    fileprivate static let schema = JSONSchema<[Double]>.list(
        of: .number(in: 0.25...4), "an array of the smallest and the largest factor", count: 2...2
    ).checked { factors, path throws(JSONError) in
        guard factors[0] <= factors[1] else {
            throw .invalid(field: path, detail: "the smallest factor must come first")
        }
    }.map {
        Augmentation.Scale(low: $0[0], high: $0[1])
    } _: {
        [$0.low, $0.high]
    }
}

extension Augmentation.Elastic {
    fileprivate static let record = JSONRecord<Augmentation.Elastic>([
        JSONField("spacing", \.spacing, .number(in: 4...512)),
        JSONField("sigma", \.sigma, .number(in: 0...64)),
    ])
}

extension Augmentation.Gray {
    private static let record = JSONRecord<Augmentation.Gray>([
        JSONField("gain", \.gain, .number(in: 0...0.9)),
        JSONField("offset", \.offset, .number(in: 0...4)),
        JSONField("curve", \.curve, .number(in: 0...2)),
    ])

    /// `true` means the default amounts, `false` and `null` none.
    fileprivate static let schema = JSONSchema<Augmentation.Gray?>(
        .either([record.description(), ["type": ["boolean", "null"]]])
    ) { value, path throws(JSONError) in
        if value == .null || value == .bool(false) { return nil }
        var gray = Augmentation.Gray()
        if value != .bool(true) { try record.read(value, into: &gray, path: path) }
        return gray
    } write: {
        $0.map { .object(record.write($0)) } ?? .null
    }
}
