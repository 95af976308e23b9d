import TestSupport

/// A file of DICOM made by hand, to be wrong in one place at a time.
struct DICOMSample {
    enum Value {
        case text(String)
        case shorts([UInt16])
        case double(Double)
        /// Voxels of 8 bits, and of 16.
        case bytes([UInt8])
        case words([UInt16])
        case items([[UInt32: Value]])
        case fragments([[UInt8]])
    }

    enum Syntax: String, CaseIterable {
        case explicit = "1.2.840.10008.1.2.1"
        case implicit = "1.2.840.10008.1.2"
        case bigEndian = "1.2.840.10008.1.2.2"
        case runLength = "1.2.840.10008.1.2.5"
    }

    var elements: [UInt32: Value]
    var syntax = Syntax.explicit
    /// What the file says of that instead.
    var statedSyntax: String?

    /// A slice of 3 columns and 4 rows of 16 bits, its first voxel at `position`, rows to the left, columns to posterior.
    init(_ voxels: [UInt16] = Array(0..<12), at position: [Double] = [-7, 11, 3.5], number: Int = 1) {
        elements = [
            0x0008_0016: .text("1.2.840.10008.5.1.4.1.1.2"), 0x0008_0018: .text("1.2.3.\(number)"),
            0x0008_0060: .text("CT"), 0x0008_103e: .text("thorax"), 0x0010_0010: .text("DOE^JANE"),
            0x0010_0020: .text("4711"), 0x0018_0050: .text("9"), 0x0020_000e: .text("1.2.3"),
            0x0020_0013: .text("\(number)"), 0x0020_0032: .text(Self.text(position)),
            0x0020_0037: .text("1\\0\\0\\0\\1\\0"), 0x0028_0002: .shorts([1]), 0x0028_0004: .text("MONOCHROME2"),
            0x0028_0010: .shorts([4]), 0x0028_0011: .shorts([3]), 0x0028_0030: .text("0.5\\0.25"),
            0x0028_0100: .shorts([16]), 0x0028_0101: .shorts([16]), 0x0028_0102: .shorts([15]),
            0x0028_0103: .shorts([0]), 0x7fe0_0010: .words(voxels),
        ]
    }

    static func text(_ numbers: [Double]) -> String { numbers.map { "\($0)" }.joined(separator: "\\") }

    /// Five slices 2.5 mm apart, from the bottom up, whose voxels are numbered on.
    static func series() -> [DICOMSample] {
        (0..<5).map { z in
            DICOMSample((0..<12).map { UInt16(z * 12 + $0) }, at: [-7, 11, 3.5 + 2.5 * Double(z)], number: z + 1)
        }
    }

    /// The archive of some files.
    static func zip(_ files: [DICOMSample], besides others: [(String, [UInt8])] = []) -> [UInt8] {
        ZipSample(others + files.enumerated().map { ("scan/IM\($0)", $1.bytes) }).bytes
    }

    var bytes: [UInt8] {
        let stated = statedSyntax ?? syntax.rawValue
        let meta: [UInt32: Value] = [
            0x0002_0002: .text("1.2.840.10008.5.1.4.1.1.2"), 0x0002_0003: .text("1.2.3.1"), 0x0002_0010: .text(stated),
            0x0002_0012: .text("1.2.3"),
        ]
        let group = Self.encoded(meta, .explicit)
        return [UInt8](repeating: 0, count: 128) + Array("DICM".utf8)
            + [2, 0, 0, 0, 0x55, 0x4c, 4, 0] + Self.number(group.count, 4, .explicit) + group
            + Self.encoded(elements, syntax)
    }

    private static func number(_ value: Int, _ count: Int, _ syntax: Syntax) -> [UInt8] {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        return syntax == .bigEndian ? bytes.reversed() : bytes
    }

    private static func encoded(_ elements: [UInt32: Value], _ syntax: Syntax) -> [UInt8] {
        elements.sorted { $0.key < $1.key }.flatMap { encoded($0.key, $0.value, syntax) }
    }

    private static func encoded(_ tag: UInt32, _ value: Value, _ syntax: Syntax) -> [UInt8] {
        var bytes = content(value, syntax)
        let isText = if case .text = value { true } else { false }
        // Of UIDs the file's length is made even by a NUL, of other texts by a space.
        let isUID = isText && bytes.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2e } && bytes.count > 4
        if bytes.count % 2 == 1 { bytes.append(isText && !isUID ? 0x20 : 0) }
        let (name, isLong) =
            switch value {
            case .text: (isUID ? "UI" : "LO", false)
            case .shorts: ("US", false)
            case .double: ("FD", false)
            case .bytes, .fragments: ("OB", true)
            case .words: ("OW", true)
            case .items: ("SQ", true)
            }
        let isPacked = if case .fragments = value { true } else { false }
        let length = isPacked ? 0xffff_ffff : bytes.count
        let front = tagBytes(tag, syntax)
        guard syntax != .implicit else { return front + number(length, 4, syntax) + bytes }
        return front + Array(name.utf8) + (isLong ? [0, 0] : []) + number(length, isLong ? 4 : 2, syntax) + bytes
    }

    private static func tagBytes(_ tag: UInt32, _ syntax: Syntax) -> [UInt8] {
        number(Int(tag >> 16), 2, syntax) + number(Int(tag & 0xffff), 2, syntax)
    }

    private static func content(_ value: Value, _ syntax: Syntax) -> [UInt8] {
        switch value {
        case .text(let text): Array(text.utf8)
        case .shorts(let numbers), .words(let numbers): numbers.flatMap { number(Int($0), 2, syntax) }
        case .double(let value): number(Int(bitPattern: UInt(value.bitPattern)), 8, syntax)
        case .bytes(let bytes): bytes
        case .items(let items):
            items.flatMap { item in
                let bytes = encoded(item, syntax)
                return tagBytes(0xfffe_e000, syntax) + number(bytes.count, 4, syntax) + bytes
            }
        case .fragments(let fragments):
            ([[]] + fragments).flatMap { tagBytes(0xfffe_e000, syntax) + number($0.count, 4, syntax) + $0 }
                + tagBytes(0xfffe_e0dd, syntax) + [0, 0, 0, 0]
        }
    }

    /// The same file with its voxels packed by the simplest of runs.
    var packed: DICOMSample {
        guard case .words(let words)? = elements[0x7fe0_0010] else { return self }
        var sample = self
        sample.syntax = .runLength
        let frames = stride(from: 0, to: words.count, by: 12).map { words[$0..<min($0 + 12, words.count)] }
        sample.elements[0x7fe0_0010] = .fragments(
            frames.map { frame in
                // The high bytes of all numbers, then the low ones; a run is not longer than 128.
                let segments = [8, 0].map { shift in
                    [UInt8(frame.count - 1)] + frame.map { UInt8(truncatingIfNeeded: $0 >> shift) } + [0x80]
                }
                let offsets = [2, 64, 64 + segments[0].count] + [Int](repeating: 0, count: 13)
                return offsets.flatMap { Self.number($0, 4, .explicit) } + segments[0] + segments[1]
            })
        return sample
    }
}
