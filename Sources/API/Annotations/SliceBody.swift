internal import Foundation
internal import HTTP
internal import Volumes

/// The labels of a slice, or a part of it, in a request's body.
///
/// PNG, TIFF and NPY are recognized by their first bytes, whatever the Content-Type, since curl's default is not
/// meaningful; anything else is raw, one byte per pixel, row by row.
enum SliceBody {
    /// Types accepted for raw bytes, including the defaults of clients.
    private static let bare: Set<String> = [
        "", "application/octet-stream", "application/x-www-form-urlencoded", "application/x-binary", "text/plain",
    ]

    /// The pixels as in the file, of the size that the place needs; a TIFF file is unpacked by way of `scratch`.
    static func picture(
        _ bytes: [UInt8], contentType: String?, for place: SlicePlace, scratch: URL
    ) throws -> LabelPicture {
        let type = contentType ?? ""
        guard !bytes.isEmpty else {
            throw HTTPError.malformed("the body is empty; send a PNG, a TIFF, an NPY or raw bytes", field: "body")
        }
        if let mistake = BodyMistake.transfer(bytes, type), bytes.count != place.pixels { throw mistake }
        do {
            if PNG.recognises(bytes) {
                // A small file may claim many pixels: the size is checked before decompressing.
                try place.check(try PNG.size(of: bytes), "PNG")
                return try LabelPicture(png: bytes)
            }
            if NPY.recognises(bytes) {
                let picture = try LabelPicture(npy: bytes)
                try place.check((picture.rows, picture.columns), "array")
                return picture
            }
            if LabelPicture.isTIFF(bytes) {
                return try LabelPicture(tiff: bytes, scratch: scratch) { try place.check(($0, $1), "TIFF") }
            }
        } catch let error as VolumeError {
            throw BodyMistake.explained(error, type)
        }
        if type == "image/png" || type == "image/tiff" || type.hasSuffix("npy") || type.hasSuffix("numpy") {
            throw HTTPError.malformed(
                "the Content-Type says \(type), but the body does not begin like one", field: "body")
        }
        guard bare.contains(type) else {
            throw HTTPError(
                415,
                "a slice is a PNG, a TIFF, an NPY (rows×columns) or application/octet-stream of one byte per pixel, "
                    + "not \(type.prefix(80))")
        }
        guard bytes.count == place.pixels else {
            throw BodyMistake.content(bytes, type) ?? BodyMistake.explained(place.wrongLength(bytes.count), type)
        }
        return try LabelPicture(raw: bytes, rows: place.rows, columns: place.columns)
    }
}
