/// Reads numbers from a TIFF file in the byte order that its first two bytes name.
struct TIFFBytes {
    let file: OpenFile
    let bigEndian: Bool
    /// Whether it is a BigTIFF, with offsets and counts of 64 bits.
    let big: Bool
    /// The offset of the first page's directory.
    private(set) var first = 0

    /// The first bytes of TIFF and BigTIFF in either byte order.
    static let magic: [[UInt8]] = [
        [0x49, 0x49, 42, 0], [0x4d, 0x4d, 0, 42], [0x49, 0x49, 43, 0], [0x4d, 0x4d, 0, 43],
    ]

    init(_ file: OpenFile) throws(VolumeError) {
        self.file = file
        let start = try file.bytes(at: 0, upTo: 16)
        guard let kind = Self.magic.firstIndex(where: { start.starts(with: $0) }), start.count >= 8 else {
            throw .malformed("the TIFF file is cut off in its header")
        }
        bigEndian = kind % 2 == 1
        big = kind >= 2
        guard !big || start.count == 16 && number(start[4..<6]) == 8 else {
            throw .malformed("the BigTIFF header says that offsets do not have 8 bytes; they must")
        }
        first = number(big ? start[8..<16] : start[4..<8])
    }

    /// An unsigned number of up to 8 bytes, clamped to `Int.max`.
    func number(_ bytes: ArraySlice<UInt8>) -> Int {
        let value = (bigEndian ? Array(bytes) : bytes.reversed()).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int(clamping: value)
    }

    /// Reads bytes; throws if the file ends before.
    func bytes(at position: Int, _ count: Int) throws(VolumeError) -> [UInt8] {
        guard position <= file.size, count <= file.size - position else {
            throw .malformed(
                "the TIFF file is cut off: it needs \(count) bytes at \(position) and has \(file.size)")
        }
        return try file.bytes(at: position, upTo: count)
    }

    /// The offsets of the directories of all pages, in the file's order.
    func directories() throws(VolumeError) -> [Int] {
        var offsets: [Int] = []
        var seen: Set<Int> = []
        var next = first
        while next != 0 {
            guard seen.insert(next).inserted else { throw .malformed("the TIFF file's list of pages is circular") }
            guard offsets.count < TIFFFormat.mostPages else {
                throw .tooLarge("the TIFF file has more than \(TIFFFormat.mostPages) pages")
            }
            offsets.append(next)
            next = try TIFFDirectory(self, at: next).next
        }
        guard !offsets.isEmpty else { throw .malformed("the TIFF file has no page") }
        return offsets
    }
}
