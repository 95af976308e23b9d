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

    /// Samples of a pixel: gray or an index, gray and opacity, three of colour, these and opacity.
    var samples: Int { [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][color] ?? 1 }

    /// Throws for an unknown type of pixels, and for more than `limit` of them.
    func validate(limit: Int) throws(VolumeError) {
        guard [0, 2, 3, 4, 6].contains(color), [1, 2, 4, 8, 16].contains(depth) else {
            throw .malformed("the PNG picture has pixels of the unknown type \(color) with \(depth) bits")
        }
        guard rows > 0, columns > 0 else { throw .malformed("the PNG picture has \(rows)×\(columns) pixels") }
        guard rows <= limit / columns, rows <= 1_000_000, columns <= 1_000_000 else {
            throw .tooLarge("the PNG picture has \(rows)×\(columns) pixels; at most \(limit) are allowed")
        }
    }
}
