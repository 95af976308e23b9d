/// The spacing of an HDF5 dataset by the attributes that programs give it, or its file.
enum HDF5Spacing {
    /// Three lengths along z, y, x, with their unit where the name tells it.
    private static let names: [(name: String, unit: LengthUnit?)] = [
        ("element_size_um", .micrometer), ("element_size_nm", .nanometer), ("element_size_mm", .millimeter),
        ("element_size", nil), ("voxel_size", nil), ("spacing", nil), ("resolution", nil),
    ]

    /// `nil` if there is none.
    static func spacing(of dataset: HDF5Dataset, _ listing: HDF5Listing) -> Spacing? {
        for path in [dataset.path, "/"] {
            for (name, unit) in names {
                guard let lengths = listing.attribute(name, of: path)?.numbers, lengths.count == 3,
                    lengths.allSatisfy({ $0.isFinite && $0 > 0 })
                else { continue }
                let text = ["unit", "units"].lazy.compactMap { listing.attribute($0, of: path)?.text }.first
                let known = unit ?? text.flatMap(LengthUnit.init(named:))
                return Spacing(z: lengths[0], y: lengths[1], x: lengths[2], unit: known?.rawValue)
            }
        }
        return nil
    }
}
