/// Where a volume lies in the world: the 4×4 affine from (x, y, z) voxel indices to coordinates, and the fields of
/// the file it came from, kept so that a result carries them bit by bit.
package struct Orientation: Codable, Hashable, Sendable {
    /// Row-major, 16 numbers.
    package var affine: [Double]
    /// The NIfTI-1 or -2 header fields that say the same, as they stood in the file.
    package var nifti: [String: [Double]]?

    package init(affine: [Double], nifti: [String: [Double]]? = nil) {
        self.affine = affine
        self.nifti = nifti
    }
}
