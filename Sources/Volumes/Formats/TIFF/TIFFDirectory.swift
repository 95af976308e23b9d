/// The fields of one page of a TIFF file; values are read when they are asked for.
struct TIFFDirectory {
    /// The fields that are used.
    enum Tag: Int {
        case subfile = 254
        case width = 256
        case length = 257
        case bits = 258
        case compression = 259
        case photometric = 262
        case fillOrder = 266
        case description = 270
        case stripOffsets = 273
        case samples = 277
        case rowsPerStrip = 278
        case stripBytes = 279
        case xResolution = 282
        case yResolution = 283
        case planar = 284
        case colorMap = 320
        case tileWidth = 322
        case tileLength = 323
        case sampleFormat = 339
    }

    private struct Entry {
        let type: Int
        let count: Int
        /// The value itself if it is short, else its offset in the file.
        let field: [UInt8]
    }

    /// Its offset in the file.
    let offset: Int
    /// The offset of the next page's directory; 0 after the last.
    let next: Int
    private let source: TIFFBytes
    private var entries: [Tag: Entry] = [:]

    init(_ source: TIFFBytes, at offset: Int) throws(VolumeError) {
        self.source = source
        self.offset = offset
        let (head, size, word) = source.big ? (8, 20, 8) : (2, 12, 4)
        let count = source.number(try source.bytes(at: offset, head)[...])
        guard (1...4096).contains(count) else {
            throw .malformed("a page of the TIFF file claims \(count) fields; 1 to 4096 are possible")
        }
        let bytes = try source.bytes(at: offset + head, count * size + word)
        for start in stride(from: 0, to: count * size, by: size) {
            guard let tag = Tag(rawValue: source.number(bytes[start..<start + 2])) else { continue }
            entries[tag] = Entry(
                type: source.number(bytes[start + 2..<start + 4]),
                count: source.number(bytes[start + 4..<start + 4 + word]),
                field: Array(bytes[start + 4 + word..<start + size]))
        }
        next = source.number(bytes[(count * size)...])
    }

    /// The number of values of a field; 0 if it is missing.
    func count(_ tag: Tag) -> Int { entries[tag]?.count ?? 0 }

    /// The first value of a field.
    func number(_ tag: Tag) throws(VolumeError) -> Int? { try numbers(tag, 1).first }

    /// The first values of a field of whole numbers, at most `limit`.
    func numbers(_ tag: Tag, _ limit: Int) throws(VolumeError) -> [Int] {
        guard let entry = entries[tag] else { return [] }
        guard let size = [1: 1, 3: 2, 4: 4, 13: 4, 16: 8, 18: 8][entry.type] else {
            throw .malformed("the TIFF file's field \(tag.rawValue) is not a whole number")
        }
        let bytes = try bytes(of: entry, size, limit)
        return stride(from: 0, to: bytes.count, by: size).map { source.number(bytes[$0..<$0 + size]) }
    }

    /// The value of a field that is a fraction above 0; `nil` for anything else.
    func fraction(_ tag: Tag) throws(VolumeError) -> (numerator: Int, denominator: Int)? {
        guard let entry = entries[tag], entry.type == 5, entry.count == 1 else { return nil }
        let bytes = try bytes(of: entry, 8, 1)
        let (numerator, denominator) = (source.number(bytes[..<4]), source.number(bytes[4...]))
        return numerator > 0 && denominator > 0 ? (numerator, denominator) : nil
    }

    /// A text without its trailing zeros; `nil` if it is missing or longer than `limit` bytes.
    func text(_ tag: Tag, upTo limit: Int) throws(VolumeError) -> [UInt8]? {
        guard let entry = entries[tag], [1, 2, 7].contains(entry.type), entry.count <= limit else { return nil }
        return Array(try bytes(of: entry, 1, limit).prefix { $0 != 0 })
    }

    private func bytes(of entry: Entry, _ size: Int, _ limit: Int) throws(VolumeError) -> [UInt8] {
        let whole = entry.count.multipliedReportingOverflow(by: size)
        let byteCount = min(entry.count, limit) * size
        if !whole.overflow && whole.partialValue <= entry.field.count { return Array(entry.field.prefix(byteCount)) }
        return try source.bytes(at: source.number(entry.field[...]), byteCount)
    }
}

extension TIFFDirectory {
    /// The colours of a page's indices, whose table holds all red, then all green, then all blue parts, of 16 bits;
    /// `nil` if its values are no indices.
    ///
    /// Where single bits show 0 white, that counts as a palette too: some programs take the bits, others the colours.
    func palette() throws(VolumeError) -> [Color?]? {
        let bits = try number(.bits) ?? 1
        switch try number(.photometric) ?? 1 {
        case 0 where bits == 1:
            return [.white, .black]
        case 3 where bits <= 8:
            let count = 1 << max(bits, 0)
            let parts = try numbers(.colorMap, 3 * count)
            guard parts.count == 3 * count else { return [] }
            let byte = { (index: Int) in UInt8(truncatingIfNeeded: parts[index] >> 8) }
            return (0..<count).map { Color(red: byte($0), green: byte(count + $0), blue: byte(2 * count + $0)) }
        default: return nil
        }
    }
}
