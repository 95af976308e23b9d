/// NPY files, written.
package enum NPY {
    /// Encodes rows × columns labels as a 2D `uint8` array.
    package static func encode(rows: Int, columns: Int, values: [UInt8]) -> [UInt8] {
        NPYHeader.bytes(type: "|u1", shape: [rows, columns]) + values
    }

    /// Encodes numbers as an array of any shape, the last axis fastest.
    package static func encode(shape: [Int], values: [Float]) -> [UInt8] {
        NPYHeader.bytes(type: "<f4", shape: shape) + values.withUnsafeBytes { [UInt8]($0) }
    }

    /// Whether the bytes begin like an NPY file.
    package static func recognises(_ bytes: [UInt8]) -> Bool { bytes.starts(with: NPYHeader.magic) }
}
