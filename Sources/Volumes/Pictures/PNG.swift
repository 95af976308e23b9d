internal import CPNG
internal import Foundation

/// PNG pictures of slices: reads labels, writes labels and views.
package enum PNG {
    /// Encodes rows × columns gray values.
    package static func encodeGray(_ pixels: [UInt8], rows: Int, columns: Int) throws(VolumeError) -> [UInt8] {
        try encode(pixels, rows: rows, columns: columns, channels: 1, palette: [])
    }

    /// Encodes rows × columns pixels of red, green and blue.
    package static func encodeRGB(_ pixels: [UInt8], rows: Int, columns: Int) throws(VolumeError) -> [UInt8] {
        try encode(pixels, rows: rows, columns: columns, channels: 3, palette: [])
    }

    /// Encodes labels as palette indices, so that the picture shows colours and its pixel values are the labels.
    ///
    /// 255 is transparent.
    package static func encodePalette(
        _ labels: [UInt8], rows: Int, columns: Int, palette: [Color]
    ) throws(VolumeError) -> [UInt8] {
        let entries = (0...255).flatMap { index -> [UInt8] in
            guard index < min(palette.count, 255) else { return [0, 0, 0, index == 255 ? 0 : 255] }
            return [palette[index].red, palette[index].green, palette[index].blue, 255]
        }
        return try encode(labels, rows: rows, columns: columns, channels: 1, palette: entries)
    }

    /// Decodes the values of a gray picture, or the indices of one with a palette, as labels.
    ///
    /// Pictures of more than `limit` pixels are refused before memory is allocated for them.
    package static func decodeLabels(
        _ bytes: [UInt8], limit: Int = 1 << 26
    ) throws(VolumeError) -> (rows: Int, columns: Int, values: [UInt8]) {
        let header = try PNGHeader(bytes)
        try header.validate(limit: limit)
        var values = [UInt8](repeating: 0, count: header.rows * header.columns)
        var message = [CChar](repeating: 0, count: 160)
        let done = cpng_decode_indices(
            bytes, bytes.count, &values, UInt32(header.rows), UInt32(header.columns), &message, message.count)
        guard done == 1 else {
            let text = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            throw .malformed("the PNG picture is damaged: \(text)")
        }
        return (header.rows, header.columns, values)
    }

    /// The size of a picture according to its header; nothing is unpacked.
    package static func size(of bytes: [UInt8]) throws(VolumeError) -> (rows: Int, columns: Int) {
        let header = try PNGHeader(bytes)
        return (header.rows, header.columns)
    }

    /// Whether the bytes begin like a PNG file.
    package static func recognises(_ bytes: [UInt8]) -> Bool { bytes.starts(with: PNGHeader.magic) }

    private static func encode(
        _ pixels: [UInt8], rows: Int, columns: Int, channels: Int, palette: [UInt8]
    ) throws(VolumeError) -> [UInt8] {
        guard rows > 0, columns > 0, rows <= 1 << 24, columns <= 1 << 24, pixels.count == rows * columns * channels
        else {
            throw .malformed("a picture of \(rows)×\(columns) pixels cannot have \(pixels.count) samples")
        }
        var count = 0
        guard
            let packed = cpng_encode(
                pixels, UInt32(rows), UInt32(columns), Int32(channels), palette, UInt32(palette.count / 4), &count)
        else { throw .io("out of memory for a picture of \(rows)×\(columns) pixels") }
        defer { free(packed) }
        return [UInt8](UnsafeRawBufferPointer(start: packed, count: count))
    }
}
