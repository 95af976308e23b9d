internal import Text

/// Percent-encoding of path segments and queries (RFC 3986, 2.1).
package enum PercentEncoding {
    /// Decodes one segment, name or value.
    ///
    /// A broken escape, a NUL, or bytes that are not UTF-8 are a 400 that names `part`.
    package static func decode(
        _ text: some StringProtocol, of part: String, plusIsSpace: Bool = false
    ) throws(HTTPError) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var rest = text.utf8.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.next().flatMap(digit), let low = rest.next().flatMap(digit) else {
                    throw .malformed("The \(part) has a % without two hexadecimal digits after it; write % as %25.")
                }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace:
                bytes.append(UInt8(ascii: " "))
            default:
                bytes.append(byte)
            }
        }
        guard !bytes.contains(0) else { throw .malformed("The \(part) has a NUL character.") }
        guard let decoded = String(validating: bytes, as: UTF8.self) else {
            throw .malformed("The \(part) is not UTF-8 after percent-decoding.")
        }
        return decoded
    }

    /// Encodes one path segment: all characters except unreserved ones.
    package static func encode(_ segment: String) -> String {
        var encoded = ""
        for byte in segment.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                encoded += escape(byte)
            }
        }
        return encoded
    }

    /// A byte as % and two hexadecimal digits.
    static func escape(_ byte: UInt8) -> String { "%" + byte.hexadecimal.uppercased() }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
