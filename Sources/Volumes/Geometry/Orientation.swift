/// Where a volume lies in the world: the 4×4 affine from (x, y, z) voxel indices to coordinates, and the header fields
/// of the source file, kept so that results carry them bit-exactly.
package struct Orientation: Codable, Hashable, Sendable {
    /// Row-major, 16 numbers.
    package var affine: [Double]
    /// The NIfTI-1 or -2 header fields that the affine was computed from, as in the file.
    package var nifti: [String: [Double]]?

    package init(affine: [Double], nifti: [String: [Double]]? = nil) {
        self.affine = affine
        self.nifti = nifti
    }
}
