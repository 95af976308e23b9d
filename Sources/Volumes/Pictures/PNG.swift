internal import CPNG
internal import Foundation

/// PNG pictures of slices, written: labels and views.
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
