internal import JSON

/// Which patches a network learns from.
package struct SamplingSettings: Hashable, Sendable {
    /// What `auto` does with a patch where the volume is shorter than it.
    package enum Shape: String, CaseIterable, Sendable {
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

    static let record = JSONRecord<SamplingSettings>([
        JSONField("shape", \.shape, .choice),
        JSONField("slab", \.slab, thickness.orNothing),
        JSONField("band", \.band, thickness.orNothing),
        JSONField("rare", \.rare, .number(in: 0...1)),
        JSONField("overhang", \.overhang, .number(in: 0...0.5)),
    ])

    private static let thickness = JSONSchema<Int>.integer(in: 1...Recipe.longestPatch)
}
