/// Why a file, slice or array could not be taken as image data.
package enum VolumeError: Error, Equatable, CustomStringConvertible {
    /// The format is not known; the text lists the known ones.
    case unknownFormat(String)
    /// The file is damaged or its header is contradictory.
    case malformed(String)
    /// Well formed, but not supported, or not what was asked for.
    case unsupported(String)
    /// Larger than allowed.
    case tooLarge(String)
    /// A label file's voxels are at other places than its volume's; the texts say where each begins and how it steps on.
    case misplaced(file: String, grid: String)
    /// Reading or writing failed.
    case io(String)
    /// Writing failed because no room is left on the disk or in the quota.
    case full(String)
    /// Another server did not give what it was asked for.
    case remote(String)
    /// A label file has a value that is not a class; for a slice `z` is 0, `y` the row and `x` the column.
    case unmappedLabel(value: Double, at: Voxel)

    package var description: String {
        switch self {
        case .unknownFormat(let detail), .malformed(let detail), .unsupported(let detail), .tooLarge(let detail),
            .io(let detail), .full(let detail), .remote(let detail):
            detail
        case .misplaced(let file, let grid):
            "the file's voxels are not where the volume's are (right, anterior, superior): the file has its \(file); the "
                + "volume has its \(grid)"
        case .unmappedLabel(let value, let voxel):
            "the value \(value.formattedAsLabel) at z \(voxel.z), y \(voxel.y), x \(voxel.x) is not a class; "
                + "classes are numbered from 0, 255 is unlabeled, and other values must be mapped"
        }
    }
}

extension Double {
    /// Whole numbers without a decimal point.
    var formattedAsLabel: String { Int64(exactly: self).map(String.init) ?? String(self) }
}
