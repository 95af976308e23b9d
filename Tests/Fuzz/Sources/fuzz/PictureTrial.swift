internal import CZlib
internal import Volumes

/// What a slice's labels go through.
enum PictureTrial {
    /// The most pixels that are taken, which bounds the memory.
    private static let limit = 1 << 20

    /// As it comes, and with the checksums of its parts put right, which random changes nearly always break.
    static func png(_ bytes: [UInt8]) {
        for bytes in [bytes, repaired(bytes)] {
            Parser.refusable {
                let picture = try PNG.decodeLabels(bytes, limit: limit)
                expect(picture.values.count == picture.rows * picture.columns)
                let packed = try PNG.encodeGray(picture.values, rows: picture.rows, columns: picture.columns)
                let again = try PNG.decodeLabels(packed)
                expect(again.values == picture.values, "a picture changed on its way")
            }
        }
    }

    static func npy(_ bytes: [UInt8]) {
        Parser.refusable {
            let array = try NPY.decodeLabels(bytes)
            expect(array.values.count == array.rows * array.columns)
            let again = try NPY.decodeLabels(NPY.encode(rows: array.rows, columns: array.columns, values: array.values))
            expect(again.values == array.values, "an array changed on its way")
        }
    }

    private static func repaired(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        var place = 8
        while place + 12 <= bytes.count {
            let length = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
            guard length <= bytes.count - place - 12 else { break }
            let sum = bytes[(place + 4)..<(place + 8 + length)].withUnsafeBufferPointer {
                crc32(0, $0.baseAddress, UInt32($0.count))
            }
            for byte in 0..<4 { bytes[place + 8 + length + byte] = UInt8(truncatingIfNeeded: sum >> (24 - 8 * byte)) }
            place += 12 + length
        }
        return bytes
    }
}
