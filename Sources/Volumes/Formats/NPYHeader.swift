/// The header of an NPY file, versions 1 to 3.
struct NPYHeader: Hashable {
    /// The number type as NumPy writes it, "u2" for instance, without the byte order.
    var type: String
    var bigEndian: Bool
    /// Whether the first axis is the fastest (Fortran order).
    var fortran: Bool
    var shape: [Int]
    /// The byte at which the numbers begin.
    var offset: Int

    static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

    /// Parses the first bytes of a file.
    init(_ start: [UInt8]) throws(VolumeError) {
        guard start.starts(with: Self.magic), start.count >= 10 else {
            throw .malformed("the NPY file is cut off in its header")
        }
        let version = start[6]
        guard (1...3).contains(version) else {
            throw .unsupported("the file has NPY version \(version); versions 1 to 3 are supported")
        }
        let lengthBytes = version == 1 ? 2 : 4
        guard start.count >= 8 + lengthBytes else { throw .malformed("the NPY file is cut off in its header") }
        let length = (0..<lengthBytes).reduce(0) { $0 | Int(start[8 + $1]) << (8 * $1) }
        offset = 8 + lengthBytes + length
        guard offset <= start.count else {
            throw .malformed(
                "the NPY header claims a length of \(length) bytes; at most 64 kB are supported, within the file")
        }
        var scanner = NPYDictionary(Array(start[(8 + lengthBytes)..<offset]))
        let entries = try scanner.parse()
        guard let descr = entries.text["descr"], let fortran = entries.flags["fortran_order"],
            let shape = entries.shapes["shape"]
        else {
            throw .malformed("the NPY header lacks one of 'descr', 'fortran_order' and 'shape'")
        }
        self.fortran = fortran
        self.shape = shape
        bigEndian = descr.hasPrefix(">")
        type = descr.first.map { "<>|=".contains($0) } == true ? String(descr.dropFirst()) : descr
    }

    /// The bytes of a header for numbers in C order, padded so that these begin at a multiple of 64 bytes.
    static func bytes(type: String, shape: [Int]) -> [UInt8] {
        let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
        let text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(sizes)), }"
        let padding = 63 - (10 + text.utf8.count) % 64
        let body = Array(text.utf8) + [UInt8](repeating: 0x20, count: padding) + [0x0a]
        return magic + [1, 0, UInt8(body.count & 255), UInt8(body.count >> 8)] + body
    }
}
