internal import JSON

/// A way in which the bytes of a chunk are packed.
enum ZarrPacking: Hashable {
    case blosc, zstd, gzip, lz4
    /// Four bytes of CRC-32C behind the bytes.
    case checksum
    /// Bytes of equal significance side by side, of numbers of so many bytes.
    case shuffle(Int)

    /// By its name in a document; `nil` if it is not known.
    ///
    /// `configuration` is what belongs to it.
    init?(named name: String, _ configuration: JSONValue) {
        switch name.hasPrefix("numcodecs.") ? String(name.dropFirst("numcodecs.".count)) : name {
        case "blosc": self = .blosc
        case "zstd": self = .zstd
        case "gzip", "zlib": self = .gzip
        case "lz4": self = .lz4
        case "crc32c" where !name.hasPrefix("numcodecs."): self = .checksum
        case "shuffle":
            guard let size = configuration["elementsize"].numeric.flatMap({ Int(exactly: $0) }),
                (1...256).contains(size)
            else { return nil }
            self = .shuffle(size)
        default: return nil
        }
    }

    static let known = "blosc, zstd, gzip, zlib, lz4, shuffle and, in format 3, crc32c, transpose and sharding_indexed"
}
