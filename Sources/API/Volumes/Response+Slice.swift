internal import HTTP
internal import Volumes

extension Response {
    /// Answers with the labels of a slice as PNG (a palette whose index is the value), NPY or raw bytes.
    static func slice(
        _ values: [UInt8], of plane: (rows: Int, columns: Int), as format: String, colors: [String], tag: String,
        name: String
    ) throws -> Response {
        let bytes: [UInt8]
        let type: String
        switch format {
        case "npy":
            (bytes, type) = (NPY.encode(rows: plane.rows, columns: plane.columns, values: values), "application/x-npy")
        case "raw": (bytes, type) = (values, "application/octet-stream")
        default:
            bytes = try PNG.encodePalette(
                values, rows: plane.rows, columns: plane.columns,
                palette: colors.map { Color(hex: $0) ?? Color(red: 128, green: 128, blue: 128) })
            type = "image/png"
        }
        return .bytes(
            bytes, contentType: type, etag: tag,
            headers: ["Content-Disposition": "inline; filename=\"\(name).\(format)\""])
    }
}
