/// One range of a `Range` header (RFC 9110, 14.1.2).
package enum ByteRange: Equatable, Sendable {
    /// No range, several ranges, an unknown unit or a malformed range: everything is sent.
    case whole
    case part(Range<Int>)
    case unsatisfiable

    package init(_ header: String?, size: Int) {
        self = .whole
        guard let header, header.lowercased().hasPrefix("bytes=") else { return }
        let text = header.dropFirst(6).filter { !$0.isWhitespace }
        let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        guard ends.count == 2, !text.contains(","), ends.allSatisfy({ $0.utf8.allSatisfy(ByteRange.isDigit) }) else {
            return
        }
        switch (ByteRange.number(ends[0]), ByteRange.number(ends[1])) {
        case (nil, nil): return
        case (nil, .some(let suffix)):
            self = suffix == 0 || size == 0 ? .unsatisfiable : .part(max(0, size - suffix)..<size)
        case (.some(let first), let last):
            if let last, last < first { return }
            self = first >= size ? .unsatisfiable : .part(first..<(min(last ?? .max, size - 1) + 1))
        }
    }

    /// `nil` for no digits; numbers too large to hold count as the largest.
    private static func number(_ digits: Substring) -> Int? {
        digits.isEmpty ? nil : Int(digits) ?? .max
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
