/// NPY files of single slices of labels, written.
package enum NPY {
    /// Encodes rows × columns labels as a 2D `uint8` array.
    package static func encode(rows: Int, columns: Int, values: [UInt8]) -> [UInt8] {
        NPYHeader.bytes(type: "|u1", shape: [rows, columns]) + values
    }

    /// Whether the bytes begin like an NPY file.
    package static func recognises(_ bytes: [UInt8]) -> Bool { bytes.starts(with: NPYHeader.magic) }
}
