/// How volumes are recognised and opened of which a zip archive holds the files.
///
/// To add one, write a type that conforms and name it in `VolumeFormat.archived`; `open` gets the archive's file.
protocol ArchivedFileFormat: VolumeFileFormat {
    /// Whether the files in an archive are those of such a volume.
    static func recognises(_ archive: ZipArchive) throws(VolumeError) -> Bool
}

extension ArchivedFileFormat {
    static func recognises(_ start: [UInt8]) -> Bool { false }
}

extension ZipArchive {
    /// The archive that a file is.
    convenience init(_ file: PackedFile) throws(VolumeError) {
        guard !file.isGzipped else {
            throw .unsupported("the zip archive is gzipped; send it without gzip around it")
        }
        try self.init(file.file)
    }
}
