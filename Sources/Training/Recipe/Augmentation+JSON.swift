internal import JSON
internal import Volumes

extension Augmentation {
    static let record = JSONRecord<Augmentation>(
        "Augmentation", "How a patch is varied at random each time it is drawn.",
        [
            JSONField(
                "rotation", \.rotation, JSONSchema.number(in: 0...180).orAuto,
                "The largest angle in degrees, about every axis whose spacing allows it; auto is 15 where a patch holds "
                    + "the whole volume, and 0 elsewhere"),
            JSONField(
                "scale", \.scale, Scale.schema.orAuto,
                "The smallest and the largest factor of size; auto is 0.9 and 1.1 where a patch holds the whole volume, "
                    + "and 1 elsewhere"),
            JSONField(
                "elastic", \.elastic,
                JSONSchema.record(Elastic.record, over: Elastic(spacing: 32, sigma: 4)).orNothing,
                "A smooth deformation; null or false for none"),
            JSONField(
                "turn", \.turn, .choice,
                "Whether patches are turned, scaled and bent about all axes, or only within the slice they are drawn for"
            ),
            JSONField(
                "gray", \.gray, Gray.schema,
                "Random contrast and brightness of each channel; true for the default amounts, false or null for none"),
            JSONField("noise", \.noise, .number(in: 0...4), "The most noise, in standard deviations of the image"),
            JSONField(
                "blur", \.blur, .number(in: 0...4),
                "The strongest blur: its standard deviation in voxels of the finest axis"),
            JSONField(
                "sharpen", \.sharpen, .number(in: 0...4),
                "The strongest sharpening: how much of the difference to the blurred image is added"),
            JSONField(
                "mirror", \.mirror, axes.orAuto,
                "The axes along which a patch is mirrored half of the time; auto is all"),
            JSONField(
                "transpose", \.transpose, axes.orAuto,
                "The axes that are exchanged with one another at random; auto is those that are mirrored and have the same "
                    + "spacing, and none where a patch holds the whole volume"),
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
    fileprivate static let record = JSONRecord<Augmentation.Elastic>(
        "ElasticDeformation", "Random vectors on a coarse grid, interpolated by B-splines.",
        [
            JSONField(
                "spacing", \.spacing, .number(in: 4...512),
                "The distance of the grid's points, in voxels of the finest axis"),
            JSONField(
                "sigma", \.sigma, .number(in: 0...64),
                "The standard deviation of the vectors, in voxels of the finest axis"),
        ])
}

extension Augmentation.Gray {
    private static let record = JSONRecord<Augmentation.Gray>(
        "GrayVariation", "Random changes of the intensities, which have mean 0 and standard deviation 1.",
        [
            JSONField("gain", \.gain, .number(in: 0...0.9), "Contrast: a factor between 1 − gain and 1 + gain"),
            JSONField(
                "offset", \.offset, .number(in: 0...4), "Brightness: the standard deviation of what is added"),
            JSONField(
                "curve", \.curve, .number(in: 0...2),
                "How far a random rising curve departs from a line: the deviation of its slope's logarithm; 0 for none"),
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
