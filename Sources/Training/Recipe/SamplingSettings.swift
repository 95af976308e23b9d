internal import JSON
package import Volumes

/// Which patches a network learns from.
package struct SamplingSettings: Hashable, Sendable {
    /// How `auto` adapts a patch to a volume that is shorter than it.
    package enum Shape: String, CaseIterable, Sendable {
        /// Cut it: fewer voxels per patch, so more steps.
        case cut
        /// Keep the number of voxels: extend the other axes, aiming at equal physical lengths.
        case fill
    }

    /// The slices that a network of two dimensions learns from.
    package enum Planes: String, CaseIterable, Sendable {
        /// Those on axis z, which it predicts.
        case z
        /// Those on every axis: it sees each as a plane.
        case all
    }

    /// The fraction of patches drawn for a class first (each class equally often) and then for a slice that shows it;
    /// the others are drawn for a slice first (each slice equally often) and then for a voxel.
    package var rare: Double
    package var shape: Shape
    /// The thickness of a patch along the normal of its slice, in voxels; nil for the same shape for all slices.
    ///
    /// The patch is wider within the slice to keep the number of voxels.
    package var slab: Int?
    /// The voxels around the slice, along its normal, that are computed at full resolution and learned from, in patches
    /// that are three times as wide as they are thick; nil for the whole patch.
    package var band: Int?
    /// The fraction of a patch's edge by which it may extend beyond the volume, 0 … 0.5.
    ///
    /// Otherwise patches as large as the volume would all lie at one position, and the network would learn positions.
    package var overhang: Double
    package var planes: Planes

    package init(
        rare: Double, shape: Shape, slab: Int?, band: Int?, overhang: Double = 0, planes: Planes = .z
    ) {
        self.rare = rare
        self.shape = shape
        self.slab = slab
        self.band = band
        self.overhang = overhang
        self.planes = planes
    }

    static let record = JSONRecord<SamplingSettings>(
        "SamplingSettings", "Which patches a network learns from.",
        [
            JSONField(
                "shape", \.shape, .choice,
                "How an automatic patch fits a short volume: cut, or longer along the other axes"),
            JSONField(
                "slab", \.slab, thickness.orNothing,
                "The thickness of patches along the normal of their slice, in voxels; null for one shape for all"),
            JSONField(
                "band", \.band, thickness.orNothing,
                "The voxels about the slice, along its normal, that are learned from; null for the whole patch"),
            JSONField(
                "rare", \.rare, .number(in: 0...1),
                "The part of the patches drawn for a class first, each class as often as another"),
            JSONField(
                "overhang", \.overhang, .number(in: 0...0.5),
                "The part of a patch's edge by which it may extend beyond the volume"),
            JSONField(
                "planes", \.planes, .choice,
                "What a network of two dimensions learns from: slices on axis z, or on all axes"),
        ])

    /// The axes whose slices a network learns from.
    package func learnedAxes(in dimensions: Int) -> [Axis] {
        dimensions == 2 && planes == .z ? [.z] : Axis.allCases
    }

    private static let thickness = JSONSchema<Int>.integer(in: 1...Recipe.longestPatch)
}
