package import JSON

extension Holdout {
    /// The members of both forms, of which only one may be used.
    private struct Members {
        var fraction: Double?
        var seed: UInt64?
        var slices: [VolumeSlice]?

        static let fraction = JSONField(
            optional: "fraction", \Members.fraction, .number(in: 0...0.9),
            "The part of every volume's annotated slices that is held out")
        static let seed = JSONField(
            optional: "seed", \Members.seed, .seed, "The seed by which they are drawn; 1 by default")
        static let slices = JSONField(
            optional: "slices", \Members.slices,
            JSONSchema<[VolumeSlice]>.list(of: VolumeSlice.schema, "an array of slices", path: .places),
            "The slices to hold out")
        static let record = JSONRecord<Members>([fraction, seed, slices])
    }

    /// `{"fraction":0.2,"seed":1}` or `{"slices":[{"volume","axis","index"}]}`.
    package static let schema = JSONSchema<Holdout>(
        .either([
            JSONRecord(
                "HoldoutFraction", "A part of the annotated slices, at least one of two or more and never all.",
                [Members.fraction.required, Members.seed]
            ).description(),
            JSONRecord("HoldoutSlices", "A list of annotated slices.", [Members.slices.required]).description(),
        ])
    ) { value, path throws(JSONError) in
        var members = Members()
        try Members.record.read(value, into: &members, path: path)
        switch (members.fraction, members.slices) {
        case (let fraction?, nil): return .fraction(fraction, seed: members.seed ?? 1)
        case (nil, let slices?): return .slices(slices)
        default: throw .invalid(field: path, detail: "needs either a fraction or an array of slices")
        }
    } write: { holdout in
        switch holdout {
        case .fraction(let fraction, let seed):
            .object(Members.record.write(Members(fraction: fraction, seed: seed)))
        case .slices(let slices): .object(Members.record.write(Members(slices: slices)))
        }
    }

    /// Reads a holdout; `path` is its JSON path, for messages.
    package init(_ value: JSONValue, path: String = "holdout") throws(TrainingError) {
        self = try TrainingError.reading(Holdout.schema, value, path)
    }
}

extension Holdout: Codable {
    package init(from decoder: any Decoder) throws {
        try self.init(JSONValue(from: decoder))
    }

    package func encode(to encoder: any Encoder) throws {
        try (Holdout.schema.write(self) ?? .null).encode(to: encoder)
    }
}
