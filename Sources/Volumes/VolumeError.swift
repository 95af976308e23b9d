/// Why a file, slice or array could not be taken as image data.
package enum VolumeError: Error, Equatable, CustomStringConvertible {
    /// No known format; says what is known.
    case unknownFormat(String)
    /// The file is broken or says impossible things.
    case malformed(String)
    /// Well formed, but not what is supported or fits.
    case unsupported(String)
    /// Larger than allowed.
    case tooLarge(String)
    /// Reading or writing failed.
    case io(String)
    /// Writing failed because no room is left on the disk or in the quota.
    case full(String)
    /// A label file has a value that stands for no class; for a slice `z` is 0, `y` the row and `x` the column.
    case unmappedLabel(value: Double, at: Voxel)

    package var description: String {
        switch self {
        case .unknownFormat(let detail), .malformed(let detail), .unsupported(let detail), .tooLarge(let detail),
            .io(let detail), .full(let detail):
            detail
        case .unmappedLabel(let value, let voxel):
            "the value \(value.formattedAsLabel) at z \(voxel.z), y \(voxel.y), x \(voxel.x) is no class; "
                + "classes count from 0, 255 is unlabeled, and other values must be mapped"
        }
    }
}

extension Double {
    /// Without a fraction where there is none.
    var formattedAsLabel: String { Int64(exactly: self).map(String.init) ?? String(self) }
}
