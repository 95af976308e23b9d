/// NPY files of single slices of labels.
package enum NPY {
    /// Encodes rows × columns labels as a 2D `uint8` array.
    package static func encode(rows: Int, columns: Int, values: [UInt8]) -> [UInt8] {
        NPYHeader.bytes(type: "|u1", shape: [rows, columns]) + values
    }

    /// Decodes a 2D array of bools, integers or whole floats as labels; values outside 0…255 are an error.
    package static func decodeLabels(
        _ bytes: [UInt8]
    ) throws(VolumeError) -> (rows: Int, columns: Int, values: [UInt8]) {
        let header = try NPYHeader(bytes)
        let element = try NPYFormat.element(of: header.type)
        guard header.shape.count == 2 else {
            throw .unsupported("the NPY array has \(header.shape.count) axes; a slice has rows and columns")
        }
        let (rows, columns) = (header.shape[0], header.shape[1])
        let size = try VolumeHeader.checkedBytes(channels: 1, z: 1, y: rows, x: columns, element: element)
        guard bytes.count - header.offset == size else {
            throw .malformed(
                "the NPY array of \(rows)×\(columns) has \(bytes.count - header.offset) bytes instead of \(size)")
        }
        let work = SliceValues(
            bytes: bytes, offset: header.offset, bigEndian: header.bigEndian, fortran: header.fortran, rows: rows,
            columns: columns)
        do {
            return (rows, columns, try element.run(work))
        } catch let error as VolumeError {
            throw error
        } catch {
            throw .malformed("\(error)")
        }
    }

    /// Whether the bytes begin like an NPY file.
    package static func recognises(_ bytes: [UInt8]) -> Bool { bytes.starts(with: NPYHeader.magic) }
}

private struct SliceValues: VoxelWork {
    let bytes: [UInt8]
    let offset: Int
    let bigEndian: Bool
    let fortran: Bool
    let rows: Int
    let columns: Int

    func callAsFunction<Value: VoxelValue>(_ type: Value.Type) throws -> [UInt8] {
        try bytes.withUnsafeBytes { bytes in
            try (0..<rows * columns).map { index in
                let position = fortran ? index % columns * rows + index / columns : index
                let stored = bytes.loadUnaligned(
                    fromByteOffset: offset + position * MemoryLayout<Value>.size, as: Value.self)
                let number = (bigEndian ? stored.swapped : stored).double
                guard let label = UInt8(exactly: number) else {
                    throw VolumeError.unmappedLabel(
                        value: number, at: Voxel(z: 0, y: index / columns, x: index % columns))
                }
                return label
            }
        }
    }
}
