internal import CGnuTLS

/// Bytes that can't be guessed, and a comparison whose duration reveals nothing about them.
package enum SecureBytes {
    /// Random bytes, fit for keys.
    package static func random(_ count: Int) throws(CryptographyError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let status = gnutls_rnd(GNUTLS_RND_KEY, &bytes, count)
        guard status == 0 else { throw CryptographyError(code: status) }
        return bytes
    }

    /// Whether two values are equal, in a time that does not depend on where they differ.
    package static func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        one.count == other.count && gnutls_memcmp(one, other, one.count) == 0
    }
}
