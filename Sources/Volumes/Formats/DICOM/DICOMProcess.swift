internal import CDICOMReader
internal import Foundation

/// What GDCM has to say of files of DICOM that lie one after another in a file, and their voxels.
struct DICOMProcess {
    /// Where a file begins, and its bytes.
    struct Piece: Hashable {
        let offset: Int
        let size: Int
    }

    let pieces: [Piece]
    private let process: ReaderProcess

    init(file: OpenFile, pieces: [Piece], scratch: URL) {
        self.pieces = pieces
        process = ReaderProcess(
            name: CDICOM_READER, subject: "a DICOM file", advice: "gdcminfo or dcmdump may tell which", file: file,
            scratch: scratch)
    }

    /// The most bytes that the list of files and frames may have.
    private static let longestListing = 64 << 20

    func listing() throws(VolumeError) -> DICOMListing {
        let orders = pieces.map { "\($0.offset) \($0.size)\n" }.joined()
        return DICOMListing(
            try process.run(["list"], orders: Array(orders.utf8)).bytes(at: 0, upTo: Self.longestListing))
    }

    /// The slices' numbers as a file of `bytes` bytes, in the order Z, Y, X, C.
    func voxels(of stack: DICOMStack, bytes: Int) throws(VolumeError) -> OpenFile {
        var orders = ""
        for slice in stack.slices {
            guard pieces.indices.contains(slice.file) else {
                throw .malformed("the list of DICOM files makes no sense")
            }
            let (piece, scaling) = (pieces[slice.file], try slice.scaling())
            orders += "\(piece.offset) \(piece.size) \(slice.index) \(scaling.slope) \(scaling.intercept)\n"
        }
        let command = ["copy", stack.storedType, "\(stack.extent.y)", "\(stack.extent.x)", "\(stack.channels)"]
        let content = try process.run(command, orders: Array(orders.utf8))
        guard content.size == bytes else {
            throw .malformed("the DICOM files have \(content.size) bytes of voxels; their sizes require \(bytes)")
        }
        return content
    }
}
