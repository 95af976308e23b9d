extension Spacing {
    /// The same lengths in another unit, if both units are known; as bare numbers otherwise.
    package func converted(to other: String?) -> Spacing {
        guard let own = unit.flatMap(LengthUnit.init(named:)), let other, let wanted = LengthUnit(named: other) else {
            return Spacing(z: z, y: y, x: x, unit: other)
        }
        let factor = own.count(in: wanted)
        return Spacing(z: z * factor, y: y * factor, x: x * factor, unit: other)
    }
}

extension Spacing {
    /// The unit by its full English name, "micrometer" for instance, if it is one that is known.
    package var knownUnit: String? { unit.flatMap(LengthUnit.init(named:))?.rawValue }
}
