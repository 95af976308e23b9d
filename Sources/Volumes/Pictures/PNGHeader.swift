/// The size and pixel format of a PNG picture, from the first 33 bytes of the file.
struct PNGHeader {
    static let magic: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

    let rows: Int
    let columns: Int
    let depth: Int
    let color: Int

    init(_ bytes: [UInt8]) throws(VolumeError) {
        guard bytes.starts(with: Self.magic) else { throw .unknownFormat("this is not a PNG picture") }
        guard bytes.count >= 33, Array(bytes[12..<16]) == Array("IHDR".utf8) else {
            throw .malformed("the PNG picture is cut off in its header")
        }
        let number = { (at: Int) in bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
        columns = number(16)
        rows = number(20)
        depth = Int(bytes[24])
        color = Int(bytes[25])
    }

    /// Throws unless a pixel is one value of up to 8 bits and there are at most `limit` pixels.
    func validate(limit: Int) throws(VolumeError) {
        let kind =
            switch color {
            case 0 where depth <= 8, 3 where depth <= 8: ""
            case 0: "\(depth)-bit gray"
            case 2: "RGB"
            case 4: "gray with transparency"
            case 6: "RGB with transparency"
            default: "of unknown colour type \(color)"
            }
        guard kind.isEmpty else {
            throw .unsupported(
                "the PNG picture is \(kind); labels are 8-bit gray, or a palette whose indices are the labels")
        }
        guard rows > 0, columns > 0 else { throw .malformed("the PNG picture has \(rows)×\(columns) pixels") }
        guard rows <= limit / columns, rows <= 1_000_000, columns <= 1_000_000 else {
            throw .tooLarge("the PNG picture has \(rows)×\(columns) pixels; at most \(limit) are allowed")
        }
    }
}
