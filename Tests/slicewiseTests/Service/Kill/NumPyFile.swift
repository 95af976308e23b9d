import Foundation
import TestSupport

/// Files of NumPy's format, version 1.
enum NumPyFile {
    /// Voxels of one byte that can't be compressed.
    static func noise(z: Int, y: Int, x: Int, seed: UInt64) -> Data {
        var random = SeededGenerator(seed: seed)
        let words = (0..<z * y * x / 8).map { _ in random.next() }
        return header(type: "|u1", z: z, y: y, x: x) + words.withUnsafeBytes { Data($0) }
    }

    static func header(type: String, z: Int, y: Int, x: Int) -> Data {
        var text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(z), \(y), \(x)), }"
        text += String(repeating: " ", count: 63 - (10 + text.utf8.count) % 64) + "\n"
        let count = UInt16(text.utf8.count)
        return Data([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(count & 255), UInt8(count >> 8)]) + Data(text.utf8)
    }
}
