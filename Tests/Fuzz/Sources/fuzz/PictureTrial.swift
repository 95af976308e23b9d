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
                let picture = try LabelPicture(png: bytes, limit: limit)
                let values = try labels(picture)
                let packed = try PNG.encodeGray(values, rows: picture.rows, columns: picture.columns)
                let again = try labels(LabelPicture(png: packed))
                expect(again == values, "a picture changed on its way")
            }
        }
    }

    static func npy(_ bytes: [UInt8]) {
        Parser.refusable {
            let array = try LabelPicture(npy: bytes)
            let values = try labels(array)
            let again = try LabelPicture(npy: NPY.encode(rows: array.rows, columns: array.columns, values: values))
            expect(try labels(again) == values, "an array changed on its way")
        }
    }

    /// The pixels as classes, after all else that is asked of a picture.
    private static func labels(_ picture: LabelPicture) throws -> [UInt8] {
        _ = try picture.distinctValues()
        let labels = try picture.labels(by: LabelMapping(classCount: 255))
        expect(labels.count == picture.rows * picture.columns)
        return labels
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
