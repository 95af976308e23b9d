internal import HTTP
internal import Text
internal import Volumes

/// The labels of a slice, or a part of it, as a request's body brings them.
///
/// PNG and NPY are known by how they begin, whatever the Content-Type says, for curl's own default says nothing;
/// anything else is raw, one byte per pixel, row by row.
enum SliceBody {
    /// Where the body belongs: how large it must be, and how messages call it.
    struct Place: Sendable {
        var rows: Int
        var columns: Int
        /// "the slice on axis z of this volume", for instance.
        var name: String
    }

    /// Types under which raw bytes come, on purpose or because the client did not say.
    private static let bare: Set<String> = [
        "", "application/octet-stream", "application/x-www-form-urlencoded", "application/x-binary", "text/plain",
    ]

    /// The values of the pixels, rows × columns, as they stand in the file.
    static func values(_ bytes: [UInt8], contentType: String?, for place: Place) throws -> [UInt8] {
        let type = contentType ?? ""
        guard !bytes.isEmpty else {
            throw HTTPError.malformed("the body is empty; send a PNG, an NPY or raw bytes", field: "body")
        }
        if PNG.recognises(bytes) {
            // A small file may claim many pixels: its size is looked at before they are unpacked.
            let size = try PNG.size(of: bytes)
            try check(size.rows, size.columns, "PNG", place)
            return try PNG.decodeLabels(bytes).values
        }
        if NPY.recognises(bytes) {
            let array = try NPY.decodeLabels(bytes)
            try check(array.rows, array.columns, "array", place)
            return array.values
        }
        if type == "image/png" || type.hasSuffix("npy") || type.hasSuffix("numpy") {
            throw HTTPError.malformed(
                "the Content-Type says \(type), but the body does not begin as one", field: "body")
        }
        guard bare.contains(type) else {
            let hint =
                type.hasPrefix("multipart/") ? "; send the file itself as the body: curl --data-binary @FILE" : ""
            throw HTTPError(
                415,
                "a slice is a PNG (8-bit gray or palette), an NPY (uint8, 2-D) or application/octet-stream of one byte "
                    + "per pixel, not \(type.prefix(80))\(hint)")
        }
        guard bytes.count == place.rows * place.columns else {
            throw HTTPError.invalid(
                "\(place.name) is \(place.rows)×\(place.columns); the body has \(bytes.count.grouped) bytes",
                field: "body")
        }
        return bytes
    }

    private static func check(_ rows: Int, _ columns: Int, _ what: String, _ place: Place) throws(HTTPError) {
        guard rows == place.rows, columns == place.columns else {
            throw .invalid(
                "\(place.name) is \(place.rows)×\(place.columns) (rows×columns); the \(what) is \(rows)×\(columns)",
                field: "body")
        }
    }
}
