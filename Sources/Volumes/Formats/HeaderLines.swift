/// The lines of a text header in front of binary data.
struct HeaderLines {
    private let bytes: [UInt8]
    /// Where the next line begins.
    private(set) var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The next line without its line break; `nil` if the bytes end before the line does.
    mutating func next() -> String? {
        guard let end = bytes[position...].firstIndex(of: 0x0a) else { return nil }
        var line = bytes[position..<end]
        if line.last == 0x0d { line = line.dropLast() }
        position = end + 1
        return String(decoding: line, as: UTF8.self)
    }
}

extension StringProtocol {
    /// The text without white space at either end.
    var trimmed: String {
        let tail = drop(while: \.isWhitespace)
        return String(tail.reversed().drop(while: \.isWhitespace).reversed())
    }

    /// The parts between white space.
    var words: [String] { split { $0.isWhitespace }.map { String($0) } }

    /// The numbers between white space or commas; `nil` unless all parts are finite numbers.
    var numbers: [Double]? {
        let parts = split { $0.isWhitespace || $0 == "," }
        let numbers = parts.compactMap { Double($0) }.filter(\.isFinite)
        return numbers.count == parts.count ? numbers : nil
    }
}

extension Spacing {
    /// The full name of a unit of length from an abbreviation; `nil` if the text cannot be a unit.
    static func unitName(_ text: String) -> String? {
        switch text.trimmed.lowercased() {
        case "m", "meter", "metre": "meter"
        case "mm", "millimeter", "millimetre": "millimeter"
        case "um", "µm", "μm", "micron", "microns", "micrometer", "micrometre", "\\u00b5m": "micrometer"
        case "nm", "nanometer", "nanometre": "nanometer"
        default: isUnit(text.trimmed) ? text.trimmed : nil
        }
    }
}

extension Orientation {
    /// From the steps between neighbours along x, y and z and the position of the first voxel, each in (x, y, z);
    /// `signs` convert the file's coordinates to right, anterior, superior.
    init(steps: [[Double]], origin: [Double], signs: [Double]) {
        var affine = [Double](repeating: 0, count: 16)
        for row in 0..<3 {
            for column in 0..<3 { affine[row * 4 + column] = signs[row] * steps[column][row] }
            affine[row * 4 + 3] = signs[row] * origin[row]
        }
        affine[15] = 1
        self.init(affine: affine.map { $0 == 0 ? 0 : $0 })
    }
}
