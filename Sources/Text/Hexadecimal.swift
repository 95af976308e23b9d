extension UnsignedInteger where Self: FixedWidthInteger {
    /// The lower-case hexadecimal digits with leading zeros: two for a byte.
    package var hexadecimal: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: Self.bitWidth / 4 - digits.utf8.count) + digits
    }
}

extension Sequence<UInt8> {
    /// Two lower-case hexadecimal digits for each byte.
    package var hexadecimal: String { map(\.hexadecimal).joined() }
}
