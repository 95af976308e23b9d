/// Which patches a network learns from.
package struct SamplingSettings: Codable, Hashable, Sendable {
    /// What `auto` does with a patch where the volume is shorter than it.
    package enum Shape: String, CaseIterable, Codable, Sendable {
        /// Cut it: fewer voxels, more steps.
        case cut
        /// Make the other axes longer, and every axis as long in the world: as many voxels.
        case fill
    }

    /// The part of the patches that are drawn for a class first, any as often as another, and then for a slice that
    /// shows it; the others are drawn for a slice first, any as often as another, and then for a voxel.
    package var rare: Double
    package var shape: Shape
    /// Voxels of a patch along the normal of the slice it is drawn for; nil for one shape whatever the slice.
    ///
    /// It is wider within the slice instead, with as many voxels.
    package var slab: Int?
    /// Voxels about the slice, along its normal, that are computed at full resolution and learned from, in patches
    /// that are three times as wide as they are thick; nil for all of the patch.
    package var band: Int?
    /// The part of a patch's edge by which it may hang over the volume's, 0 … 0.5.
    ///
    /// Patches as large as the volume would otherwise all lie at one place, and what is learned is where things are.
    package var overhang: Double

    package init(rare: Double, shape: Shape, slab: Int?, band: Int?, overhang: Double = 0) {
        self.rare = rare
        self.shape = shape
        self.slab = slab
        self.band = band
        self.overhang = overhang
    }

    private enum CodingKeys: String, CodingKey { case rare, shape, slab, band, overhang }

    /// What is absent is written as `null`, for a missing key would mean the preset's.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(rare, forKey: .rare)
        try container.encode(shape, forKey: .shape)
        try container.encode(slab, forKey: .slab)
        try container.encode(band, forKey: .band)
        try container.encode(overhang, forKey: .overhang)
    }

    /// Reads the fields of an object over these.
    mutating func read(_ value: JSONValue, path: String) throws(TrainingError) {
        var fields = try StrictFields(value, path: path)
        rare = try fields.number("rare", in: 0...1) ?? rare
        shape = try fields.choice("shape") ?? shape
        slab = try fields.optional("slab", in: 1...1024, default: slab)
        band = try fields.optional("band", in: 1...1024, default: band)
        overhang = try fields.number("overhang", in: 0...0.5) ?? overhang
        try fields.finish()
    }
}
