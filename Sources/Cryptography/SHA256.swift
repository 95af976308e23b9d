internal import CGnuTLS

/// A SHA-256 hash of bytes that arrive in pieces, computed by GnuTLS.
package final class SHA256 {
    private let handle: gnutls_hash_hd_t

    /// Ends the process if memory runs out or the library was built without SHA-256.
    package init() {
        var made: gnutls_hash_hd_t?
        let status = gnutls_hash_init(&made, GNUTLS_DIG_SHA256)
        guard status == 0, let made else { preconditionFailure("\(CryptographyError(code: status))") }
        handle = made
    }

    deinit { gnutls_hash_deinit(handle, nil) }

    /// Adds bytes to the hash.
    package func update(_ bytes: some Sequence<UInt8>) {
        if bytes.withContiguousStorageIfAvailable({ gnutls_hash(handle, $0.baseAddress, $0.count) }) == nil {
            let copy = Array(bytes)
            gnutls_hash(handle, copy, copy.count)
        }
    }

    /// The 32-byte hash of all bytes added so far; the next bytes start a new hash.
    package func finalize() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        gnutls_hash_output(handle, &digest)
        return digest
    }

    /// The 32-byte hash of `bytes`.
    package static func hash(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        let hash = SHA256()
        hash.update(bytes)
        return hash.finalize()
    }
}
