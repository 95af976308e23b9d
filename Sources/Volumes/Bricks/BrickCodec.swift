internal import CZstd

/// Packs the voxels of a brick: bytes of equal significance side by side (shuffled), then zstd at level 1.
package enum BrickCodec {
    /// Packs the voxels of a brick, given in native byte order.
    package static func encode(_ bytes: UnsafeRawBufferPointer, element: ElementType) -> [UInt8] {
        let shuffled = shuffle(bytes, size: element.size)
        let bound = ZSTD_compressBound(shuffled.count)
        return withUnsafeTemporaryAllocation(byteCount: bound, alignment: 16) { packed in
            let written = shuffled.withUnsafeBytes {
                ZSTD_compress(packed.baseAddress, bound, $0.baseAddress, $0.count, 1)
            }
            precondition(ZSTD_isError(written) == 0, "zstd refused a buffer of the size it asked for")
            // A copy of the right size, as packed bricks are kept and the buffer has the size of the worst case.
            return [UInt8](packed[..<written])
        }
    }

    /// Packs the voxels of a brick, given in native byte order.
    package static func encode(_ bytes: [UInt8], element: ElementType) -> [UInt8] {
        bytes.withUnsafeBytes { encode($0, element: element) }
    }

    /// Unpacks a brick of `voxels` voxels.
    ///
    /// Anything that does not unpack to exactly that many is an `io` error, as it is the stored data that is damaged.
    package static func decode(_ packed: [UInt8], element: ElementType, voxels: Int) throws(VolumeError) -> [UInt8] {
        let shuffled = try shuffled(packed, bytes: voxels * element.size)
        return element.size == 1 ? shuffled : unshuffle(shuffled, size: element.size)
    }

    /// Packs a few bytes that are no voxels as a zstd frame, which may stand before or behind a packed brick.
    package static func frame(_ bytes: [UInt8]) -> [UInt8] {
        bytes.withUnsafeBytes { encode($0, element: .uint8) }
    }

    /// Unpacks a brick of `expected` bytes and leaves them side by side by their significance.
    package static func shuffled(_ packed: [UInt8], bytes expected: Int) throws(VolumeError) -> [UInt8] {
        let announced = packed.withUnsafeBytes { ZSTD_getFrameContentSize($0.baseAddress, $0.count) }
        guard announced == UInt64(expected) else {
            throw .io("a stored brick does not hold the \(expected) bytes that its position in the grid requires")
        }
        var unpacked = 0
        let shuffled = [UInt8](unsafeUninitializedCapacity: expected) { bytes, count in
            unpacked = packed.withUnsafeBytes {
                ZSTD_decompress(bytes.baseAddress, expected, $0.baseAddress, $0.count)
            }
            count = unpacked == expected ? expected : 0
        }
        guard unpacked == expected else {
            throw .io("a stored brick is damaged: \(String(cString: ZSTD_getErrorName(unpacked)))")
        }
        return shuffled
    }

    private static func shuffle(_ bytes: UnsafeRawBufferPointer, size: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: bytes.count) { shuffled, count in
            switch size {
            case 2: split(bytes.bindMemory(to: UInt16.self), into: shuffled)
            case 4: split(bytes.bindMemory(to: UInt32.self), into: shuffled)
            case 8: split(bytes.bindMemory(to: UInt64.self), into: shuffled)
            default: _ = shuffled.update(fromContentsOf: bytes.bindMemory(to: UInt8.self))
            }
            count = bytes.count
        }
    }

    private static func unshuffle(_ shuffled: [UInt8], size: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: shuffled.count) { bytes, count in
            let words = UnsafeMutableRawBufferPointer(bytes)
            shuffled.withUnsafeBufferPointer { shuffled in
                switch size {
                case 2: join(shuffled, into: words.bindMemory(to: UInt16.self))
                case 4: join(shuffled, into: words.bindMemory(to: UInt32.self))
                default: join(shuffled, into: words.bindMemory(to: UInt64.self))
                }
            }
            count = shuffled.count
        }
    }

    /// Writes the lowest byte of every word, then the next of every word, and so on; the compiler vectorises the loops.
    private static func split<Word: FixedWidthInteger & UnsignedInteger>(
        _ words: UnsafeBufferPointer<Word>, into shuffled: UnsafeMutableBufferPointer<UInt8>
    ) {
        for byte in 0..<MemoryLayout<Word>.size {
            let row = UnsafeMutableBufferPointer(rebasing: shuffled[byte * words.count..<(byte + 1) * words.count])
            for index in 0..<words.count { row[index] = UInt8(truncatingIfNeeded: words[index] >> Word(8 * byte)) }
        }
    }

    private static func join<Word: FixedWidthInteger & UnsignedInteger>(
        _ shuffled: UnsafeBufferPointer<UInt8>, into words: UnsafeMutableBufferPointer<Word>
    ) {
        for index in 0..<words.count { words[index] = Word(shuffled[index]) }
        for byte in 1..<MemoryLayout<Word>.size {
            let row = UnsafeBufferPointer(rebasing: shuffled[byte * words.count..<(byte + 1) * words.count])
            for index in 0..<words.count { words[index] |= Word(row[index]) << Word(8 * byte) }
        }
    }
}
