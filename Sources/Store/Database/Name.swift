/// The rule for names of projects, volumes, models and tokens.
package enum Name {
    package static let pattern = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}"

    /// Why `text` can't name a thing; `nil` if it can.
    package static func refusal(_ text: String, of thing: String) -> String? {
        guard !isName(text) else { return nil }
        return "\"\(text.prefix(80))\" can't name a \(thing); a name has 1 to 64 letters (A–Z, a–z), digits, dots, "
            + "underscores or hyphens and begins with a letter or digit"
    }

    private static func isName(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard (1...64).contains(bytes.count), isLetterOrDigit(bytes[0]) else { return false }
        return bytes.allSatisfy { isLetterOrDigit($0) || [0x2e, 0x5f, 0x2d].contains($0) }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: false
        }
    }
}
