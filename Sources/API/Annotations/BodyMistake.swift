internal import HTTP
internal import Volumes

/// Bodies that are not what their sender meant: a form, a file that curl changed, a file of another kind.
enum BodyMistake {
    /// The type that curl gives to what `-d` sends.
    static let form = "application/x-www-form-urlencoded"
    private static let remedy = "send the file itself as the body: curl --data-binary @FILE"

    /// The error for a form, and for bytes that curl changed; `nil` if nothing shows it.
    static func transfer(_ bytes: [UInt8], _ type: String) -> HTTPError? {
        if type.hasPrefix("multipart/") {
            return HTTPError(415, "the body is a form, as curl -F makes it; \(remedy)")
        }
        guard type == form else { return nil }
        if let text = text(bytes) {
            let name = text.hasPrefix("@") ? String(text.dropFirst()) : text
            return .malformed(
                "the body is the text \"\(text)\", not a file; send the file itself: curl --data-binary @\(name)",
                field: "body")
        }
        // The line ends and zero bytes of a PNG's and a TIFF's first bytes are missing.
        let isChanged =
            bytes.starts(with: [0x89, 0x50, 0x4e, 0x47]) && !PNG.recognises(bytes)
            || (bytes.starts(with: [0x49, 0x49, 0x2a]) || bytes.starts(with: [0x4d, 0x4d, 0x2a]))
                && !LabelPicture.isTIFF(bytes)
        return isChanged ? .malformed("the body is damaged: \(stripped)", field: "body") : nil
    }

    private static let stripped = "curl -d leaves out line ends and zero bytes; \(remedy)"

    /// A short text without control characters in it, such as the name of a file.
    private static func text(_ bytes: [UInt8]) -> String? {
        guard bytes.count < 300, bytes.allSatisfy({ (0x20..<0x7f).contains($0) }) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        return text.contains(where: \.isLetter) ? text : nil
    }

    /// The error for a body whose format is another one; `nil` if that is not known.
    static func content(_ bytes: [UInt8], _ type: String) -> HTTPError? {
        guard let name = foreign(bytes) else { return nil }
        return HTTPError(
            415, "the body is \(name); a slice is a PNG, a TIFF, an NPY or one raw byte per pixel\(advice(name))")
    }

    /// An error of a slice's body; what curl did to it is told too.
    static func explained(_ error: VolumeError, _ type: String) -> any Error {
        guard type == form, case .malformed(let detail) = error else { return error }
        return HTTPError.malformed("\(detail); \(stripped)", field: "body")
    }

    static func explained(_ error: HTTPError, _ type: String) -> HTTPError {
        guard type == form else { return error }
        var error = error
        error.detail += "; \(stripped)"
        return error
    }

    private static let known: [(at: Int, magic: [UInt8], name: String)] = [
        (0, [0xff, 0xd8, 0xff], "a JPEG"), (0, Array("GIF8".utf8), "a GIF"), (0, Array("BM".utf8), "a BMP"),
        (8, Array("WEBP".utf8), "a WebP"), (4, Array("ftyp".utf8), "a HEIF or a film"),
        (4, Array("jP  ".utf8), "a JPEG 2000"),
        (0, Array("%PDF".utf8), "a PDF"), (0, Array("PK".utf8), "a ZIP, as .npz files are"),
        (0, [0x1f, 0x8b], "a gzip file"), (0, [0x89, 0x48, 0x44, 0x46], "an HDF5 file"),
        (0, Array("NRRD".utf8), "an NRRD volume"), (0, Array("ObjectType".utf8), "a MetaImage volume"),
        (344, Array("n+1".utf8), "a NIfTI volume"), (128, Array("DICM".utf8), "a DICOM file"),
        (0, Array("<".utf8), "a text in XML"), (0, Array("{".utf8), "a text in JSON"),
    ]

    static func foreign(_ bytes: [UInt8]) -> String? {
        known.first { entry in bytes.dropFirst(entry.at).starts(with: entry.magic) }?.name
    }

    /// What to do with a body of this kind.
    private static func advice(_ name: String) -> String {
        if name.contains("volume") || name.contains("gzip") { return "; a label volume goes to PUT …/annotations" }
        let isLossy = ["JPEG", "WebP", "HEIF"].contains { name.contains($0) }
        return isLossy ? ", not made from this file, in which labels are blurred" : ": save it as one of these"
    }
}
