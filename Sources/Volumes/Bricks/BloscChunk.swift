/// A brick as a chunk in the format of Blosc 1, which Zarr's codec `blosc` reads: one block of shuffled bytes, packed by zstd.
///
/// See https://github.com/Blosc/c-blosc/blob/main/README_CHUNK_FORMAT.rst.
package enum BloscChunk {
    /// A brick as `BrickCodec` packed it, the same bytes behind a header; `bytes` is the size of its voxels.
    package static func wrap(_ packed: [UInt8], bytes: Int, element: ElementType) throws(VolumeError) -> [UInt8] {
        // As many bytes as the block has are taken for its bytes as they are.
        let block = packed.count == bytes ? try BrickCodec.shuffled(packed, bytes: bytes) : packed
        var chunk: [UInt8] = []
        chunk.reserveCapacity(head + block.count)
        // The versions of the format and of its use of zstd; what was done to the bytes; bytes of a voxel.
        chunk += [2, 1, (element.size > 1 ? shuffled : 0) | whole | zstd, UInt8(element.size)]
        for number in [bytes, bytes, head + block.count, 20, block.count] {
            let number = UInt32(truncatingIfNeeded: number)
            for byte in 0..<UInt32(4) { chunk.append(UInt8(truncatingIfNeeded: number >> (8 * byte))) }
        }
        chunk += block
        return chunk
    }

    /// The voxels of a box, x fastest, at the beginning of a chunk that is as large or larger; every other byte is `fill`.
    package static func pack(
        _ voxels: [UInt8], of box: Extent, in chunk: Extent, fill: UInt8, element: ElementType
    ) throws(VolumeError) -> [UInt8] {
        var padded = [UInt8](repeating: fill, count: chunk.voxels * element.size)
        voxels.withUnsafeBytes { voxels in
            padded.withUnsafeMutableBytes {
                VoxelCopy.copy(voxels, of: Box(extent: box), to: $0, of: Box(extent: chunk), size: element.size)
            }
        }
        return try wrap(BrickCodec.encode(padded, element: element), bytes: padded.count, element: element)
    }

    /// Bytes before the block: the header, where the block begins, and its size.
    private static let head = 24
    private static let (shuffled, whole, zstd): (UInt8, UInt8, UInt8) = (1, 0x10, 4 << 5)
}
