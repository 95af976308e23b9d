internal import CGnuTLS

/// What GnuTLS reports instead of doing what was asked.
package struct CryptographyError: Error, CustomStringConvertible {
    /// A number of GnuTLS's own.
    package let code: Int32

    package var description: String {
        gnutls_strerror(code).map { "cryptography: " + String(cString: $0) } ?? "cryptography: error \(code)"
    }
}
