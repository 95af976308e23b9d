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
        return String(header: line)
    }
}

extension String {
    /// The text of a file's header: UTF-8, or Latin-1 if it isn't, as older programs write µ.
    init(header bytes: some Collection<UInt8>) {
        self =
            String(validating: bytes, as: UTF8.self)
            ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
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
