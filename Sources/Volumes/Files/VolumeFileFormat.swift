/// How the files of one format are told and opened.
///
/// Adding a format takes one file with a type of this kind and its name in `VolumeFormat`'s lists.
protocol VolumeFileFormat: Sendable {
    static var format: VolumeFormat { get }
    /// As an error names it: "NIfTI-1 and 2 (.nii, .nii.gz)".
    static var name: String { get }
    /// Whether a file that begins with these bytes (its first 64 kB or all of it) is one.
    static func recognises(_ start: [UInt8]) -> Bool
    /// Opens a file that was recognised.
    static func open(_ file: PackedFile, hints: VolumeHints) throws(VolumeError) -> any VoxelSource
    /// Whether all channels of a plane are written before the next plane, in the order Z, C, Y, X.
    static var planesFirst: Bool { get }
    /// What stands in a file in front of the voxels, which are in the order C, Z, Y, X or with planes first.
    static func head(for header: VolumeHeader) throws(VolumeError) -> [UInt8]
}

extension VolumeFileFormat {
    static var planesFirst: Bool { false }
}
