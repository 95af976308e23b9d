internal import CZlib
package import Foundation

/// Checksums of bytes, computed by zlib.
package enum Checksum {
    /// The cyclic redundancy check of 32 bits that gzip and zip have.
    package static func crc32(_ data: Data) -> UInt32 {
        data.withUnsafeBytes { bytes in
            UInt32(truncatingIfNeeded: crc32_z(0, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count))
        }
    }
}
