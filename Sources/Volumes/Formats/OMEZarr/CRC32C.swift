/// The checksum of Castagnoli, by which Zarr's codec `crc32c` and the index of its shards are checked.
enum CRC32C {
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 0 ? value >> 1 : value >> 1 ^ 0x82f6_3b78 }
    }

    static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        table.withUnsafeBufferPointer { table in
            ~bytes.reduce(~0) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
        }
    }

    /// The bytes in front of their checksum, which must be theirs.
    static func checked(_ bytes: [UInt8]) throws(VolumeError) -> [UInt8] {
        let content = bytes.dropLast(4)
        let stored = bytes.suffix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard bytes.count >= 4, checksum(content) == stored else {
            throw .malformed("its checksum (crc32c) is not that of its bytes")
        }
        return Array(content)
    }
}
