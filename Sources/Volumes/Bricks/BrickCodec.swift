internal import CZstd

/// How the voxels of a brick are packed: bytes of equal significance side by side, then zstd at level 1.
package enum BrickCodec {
    /// Packs the voxels of a brick, given in native byte order.
    package static func encode(_ bytes: UnsafeRawBufferPointer, element: ElementType) -> [UInt8] {
        let shuffled = shuffle(bytes, size: element.size)
        let bound = ZSTD_compressBound(shuffled.count)
        return [UInt8](unsafeUninitializedCapacity: bound) { packed, count in
            let written = shuffled.withUnsafeBytes {
                ZSTD_compress(packed.baseAddress, bound, $0.baseAddress, $0.count, 1)
            }
            precondition(ZSTD_isError(written) == 0, "zstd refused a buffer of the size it asked for")
            count = written
        }
    }

    /// Packs the voxels of a brick, given in native byte order.
    package static func encode(_ bytes: [UInt8], element: ElementType) -> [UInt8] {
        bytes.withUnsafeBytes { encode($0, element: element) }
    }

    /// Unpacks a brick of `voxels` voxels; anything that does not unpack to exactly that many is an error.
    package static func decode(_ packed: [UInt8], element: ElementType, voxels: Int) throws(VolumeError) -> [UInt8] {
        let expected = voxels * element.size
        let announced = packed.withUnsafeBytes { ZSTD_getFrameContentSize($0.baseAddress, $0.count) }
        guard announced == UInt64(expected) else {
            throw .malformed("a stored brick does not hold the \(expected) bytes that its place in the grid asks for")
        }
        var unpacked = 0
        let shuffled = [UInt8](unsafeUninitializedCapacity: expected) { bytes, count in
            unpacked = packed.withUnsafeBytes {
                ZSTD_decompress(bytes.baseAddress, expected, $0.baseAddress, $0.count)
            }
            count = unpacked == expected ? expected : 0
        }
        guard unpacked == expected else {
            throw .malformed("a stored brick is damaged: \(String(cString: ZSTD_getErrorName(unpacked)))")
        }
        return element.size == 1 ? shuffled : unshuffle(shuffled, size: element.size)
    }

    private static func shuffle(_ bytes: UnsafeRawBufferPointer, size: Int) -> [UInt8] {
        guard size > 1 else { return [UInt8](bytes) }
        let voxels = bytes.count / size
        return [UInt8](unsafeUninitializedCapacity: voxels * size) { shuffled, count in
            for byte in 0..<size {
                let row = UnsafeMutableBufferPointer(rebasing: shuffled[byte * voxels..<(byte + 1) * voxels])
                for voxel in 0..<voxels { row[voxel] = bytes[voxel * size + byte] }
            }
            count = voxels * size
        }
    }

    private static func unshuffle(_ shuffled: [UInt8], size: Int) -> [UInt8] {
        let voxels = shuffled.count / size
        return [UInt8](unsafeUninitializedCapacity: voxels * size) { bytes, count in
            shuffled.withUnsafeBufferPointer { shuffled in
                for byte in 0..<size {
                    let row = UnsafeBufferPointer(rebasing: shuffled[byte * voxels..<(byte + 1) * voxels])
                    for voxel in 0..<voxels { bytes[voxel * size + byte] = row[voxel] }
                }
            }
            count = voxels * size
        }
    }
}
