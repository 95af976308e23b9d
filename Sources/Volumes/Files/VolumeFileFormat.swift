/// How the files of one format are recognised and opened.
///
/// To add a format, write a type that conforms and name it in `VolumeFormat`'s lists.
protocol VolumeFileFormat: Sendable {
    /// The format's name in error messages: "NIfTI-1 and 2 (.nii, .nii.gz)".
    static var name: String { get }
    /// The format's word in answers: "hdf5".
    static var word: String { get }
    /// Whether a file may have several volumes, of which `VolumeHints.dataset` names one.
    static var hasDatasets: Bool { get }
    /// Whether a file can leave open which axis is which, so that `VolumeHints.axes` says it.
    static var takesAxes: Bool { get }
    /// Whether `VolumeHints.level` and `time` choose in it.
    static var hasLevels: Bool { get }
    /// Whether a file that begins with these bytes (its first 64 kB or all of it) has this format.
    static func recognises(_ start: [UInt8]) -> Bool
    /// Opens a file that was recognised.
    static func open(_ file: PackedFile, hints: VolumeHints) throws(VolumeError) -> any VoxelSource
}

/// How the files of a format are written, too.
protocol WritableFileFormat: VolumeFileFormat {
    static var format: VolumeFormat { get }
    /// Whether all channels of a plane are written before the next plane, in the order Z, C, Y, X.
    static var planesFirst: Bool { get }
    /// The bytes in front of the voxels, which follow in the order C, Z, Y, X, or Z, C, Y, X with `planesFirst`.
    static func head(for header: VolumeHeader) throws(VolumeError) -> [UInt8]
    /// The same with how the values should be shown, if the format can say it.
    static func head(for header: VolumeHeader, look: VolumeLook?) throws(VolumeError) -> [UInt8]
    /// The voxels as they are written.
    static func written(_ source: any VoxelSource) -> any VoxelSource
}

extension VolumeFileFormat {
    static var hasDatasets: Bool { false }
    static var takesAxes: Bool { false }
    static var hasLevels: Bool { false }
}

extension WritableFileFormat {
    static var word: String { format.rawValue }
    static var planesFirst: Bool { false }

    static func head(for header: VolumeHeader, look: VolumeLook?) throws(VolumeError) -> [UInt8] {
        try head(for: header)
    }

    static func written(_ source: any VoxelSource) -> any VoxelSource { source }
}
