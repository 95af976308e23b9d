/// Several chunks in one file, as Zarr's codec `sharding_indexed` reads it: the chunks, then where each of them is.
package enum ZarrShard {
    /// The file of chunks in the order of their places, the last axis fastest; `nil` for those that hold nothing.
    ///
    /// The index has 16 bytes for each, where it begins and how many bytes it has, and a checksum (CRC-32C).
    package static func file(of chunks: [[UInt8]?]) -> [UInt8] {
        var file: [UInt8] = []
        var index: [UInt8] = []
        func append(_ number: UInt64) {
            for byte in UInt64(0)..<8 { index.append(UInt8(truncatingIfNeeded: number >> (8 * byte))) }
        }
        for chunk in chunks {
            append(chunk == nil ? .max : UInt64(file.count))
            append(chunk.map { UInt64($0.count) } ?? .max)
            file += chunk ?? []
        }
        let checksum = CRC32C.checksum(index[...])
        for byte in UInt32(0)..<4 { index.append(UInt8(truncatingIfNeeded: checksum >> (8 * byte))) }
        return file + index
    }
}
