/// What is in files of DICOM, from the lines that `CDICOMReader` prints (see its listing.cpp).
///
/// A process that a hostile file got hold of may have written them, so that lines which make no sense are left out.
package struct DICOMListing: Hashable {
    private(set) var files: [DICOMFile] = []
    /// How many say that they are DICOM, and are not.
    private(set) var damaged = 0

    package init(_ bytes: [UInt8]) {
        for line in bytes.split(separator: 0x0a) {
            let fields = ReaderFields.fields(of: line)
            switch fields.first {
            case "D": damaged += 1
            case "F": if let file = DICOMFile(fields) { files.append(file) }
            case "P":
                guard let frame = DICOMFrame(fields), frame.file == files.last?.number else { continue }
                files[files.count - 1].frames.append(frame)
            default: continue
            }
        }
        files.removeAll { $0.kind == DICOMKind.directory }
    }
}
