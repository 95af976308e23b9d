internal import HTTP
internal import Text
internal import Volumes

/// The labels of a slice, or a part of it, in a request's body.
///
/// PNG and NPY are recognized by their first bytes, whatever the Content-Type, since curl's default is not meaningful;
/// anything else is raw, one byte per pixel, row by row.
enum SliceBody {
    /// The target of the body: its required size, and its name in messages.
    struct Place: Sendable {
        var rows: Int
        var columns: Int
        /// For example "the slice on axis z of this volume".
        var name: String
    }

    /// Types accepted for raw bytes, including the defaults of clients.
    private static let bare: Set<String> = [
        "", "application/octet-stream", "application/x-www-form-urlencoded", "application/x-binary", "text/plain",
    ]

    /// The values of the pixels as in the file, rows × columns.
    static func values(_ bytes: [UInt8], contentType: String?, for place: Place) throws -> [UInt8] {
        let type = contentType ?? ""
        guard !bytes.isEmpty else {
            throw HTTPError.malformed("the body is empty; send a PNG, an NPY or raw bytes", field: "body")
        }
        if PNG.recognises(bytes) {
            // A small file may claim many pixels: the size is checked before decompressing.
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
                "the Content-Type says \(type), but the body does not begin like one", field: "body")
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
