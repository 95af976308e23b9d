/// Where the chunks of a shard are in its file.
struct ZarrShardIndex {
    private let file: OpenFile
    private let key: String
    private let isBigEndian: Bool
    /// Chunks along each axis.
    private let counts: [Int]
    /// Sixteen bytes for each: where it begins, and how many bytes it has.
    private let entries: [UInt8]

    init(_ file: OpenFile, _ shards: ZarrShards, shard: [Int], _ key: String) throws(VolumeError) {
        self.file = file
        self.key = key
        isBigEndian = shards.isIndexBigEndian
        counts = zip(shard, shards.chunk).map { $0 / $1 }
        let size = counts.reduce(16, *) + (shards.isIndexChecked ? 4 : 0)
        guard file.size >= size else {
            throw .malformed("the shard \(key) in the OME-Zarr has \(file.size) bytes; its index alone has \(size)")
        }
        let bytes = try file.bytes(at: shards.isIndexFirst ? 0 : file.size - size, upTo: size)
        do {
            entries = shards.isIndexChecked ? try CRC32C.checked(bytes) : bytes
        } catch {
            throw .malformed("the index of the shard \(key) in the OME-Zarr can't be read: \(error)")
        }
    }

    /// The bytes of a chunk by its place in the array, counted in chunks; `nil` for one that is not there.
    func bytes(of place: [Int], atMost limit: Int) throws(VolumeError) -> [UInt8]? {
        let index = zip(place, counts).reduce(0) { $0 * $1.1 + $1.0 % $1.1 }
        let (start, count) = (number(at: index * 16), number(at: index * 16 + 8))
        guard start != .max || count != .max else { return nil }
        let size = UInt64(file.size)
        guard start <= size, count <= size - start, count <= UInt64(limit) else {
            throw .malformed("the index of the shard \(key) in the OME-Zarr leads beyond its end, or to too many bytes")
        }
        return try file.bytes(at: Int(start), upTo: Int(count))
    }

    private func number(at place: Int) -> UInt64 {
        let bytes = entries[place..<place + 8]
        return (isBigEndian ? Array(bytes) : bytes.reversed()).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
