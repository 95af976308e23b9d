internal import CGnuTLS

/// A failure of GnuTLS.
package struct CryptographyError: Error, CustomStringConvertible {
    /// GnuTLS's error number.
    package let code: Int32

    package var description: String {
        gnutls_strerror(code).map { "cryptography: " + String(cString: $0) } ?? "cryptography: error \(code)"
    }
}
