package import JSON

/// An array of Zarr that is written: one level of an image or of labels.
package struct ZarrArray: Hashable, Sendable {
    /// The names of the axes, the slowest first.
    package let axes: [String]
    package let shape: [Int]
    package let chunk: [Int]
    package let element: ElementType
    /// Every byte of a chunk that is missing.
    package let fill: UInt8
    /// The shape of a file of several chunks, in format 3; `nil` where each chunk is a file.
    package let shard: [Int]?

    package init(
        axes: [String], shape: [Int], chunk: [Int], element: ElementType, fill: UInt8, shard: [Int]? = nil
    ) {
        self.axes = axes
        self.shape = shape
        self.chunk = chunk
        self.element = element
        self.fill = fill
        self.shard = shard
    }

    /// The array's document.
    package func document(_ version: OMEZarrVersion) -> JSONValue {
        switch version {
        case .v04:
            [
                "zarr_format": 2, "shape": Self.list(shape), "chunks": Self.list(chunk), "dtype": .string(dtype),
                "compressor": [
                    "id": "blosc", "cname": "zstd", "clevel": 1, "shuffle": .integer(isShuffled ? 1 : 0),
                    "blocksize": 0,
                ],
                "fill_value": fillValue, "order": "C", "filters": .null, "dimension_separator": "/",
            ]
        case .v05:
            [
                "zarr_format": 3, "node_type": "array", "shape": Self.list(shape),
                "data_type": .string(element.rawValue),
                "chunk_grid": ["name": "regular", "configuration": ["chunk_shape": Self.list(shard ?? chunk)]],
                "chunk_key_encoding": ["name": "default", "configuration": ["separator": "/"]],
                "fill_value": fillValue,
                "codecs": shard == nil ? codecs : [sharding], "attributes": [:],
                "dimension_names": .array(axes.map { .string($0) }),
            ]
        }
    }

    /// How format 3 says what a chunk's bytes are.
    private var codecs: JSONValue {
        var bytes: JSONObject = ["name": "bytes"]
        if element.size > 1 { bytes["configuration"] = ["endian": "little"] }
        let blosc: JSONObject = [
            "typesize": .integer(element.size), "cname": "zstd", "clevel": 1,
            "shuffle": isShuffled ? "shuffle" : "noshuffle", "blocksize": 0,
        ]
        return [.object(bytes), ["name": "blosc", "configuration": .object(blosc)]]
    }

    /// How it says what a file of several chunks is; `ZarrShard` makes one.
    private var sharding: JSONValue {
        let configuration: JSONObject = [
            "chunk_shape": Self.list(chunk), "codecs": codecs,
            "index_codecs": [["name": "bytes", "configuration": ["endian": "little"]], ["name": "crc32c"]],
            "index_location": "end",
        ]
        return ["name": "sharding_indexed", "configuration": .object(configuration)]
    }

    /// Bytes of equal significance stand side by side where a voxel has several.
    private var isShuffled: Bool { element.size > 1 }

    /// The number that consists of bytes of `fill`, which is 0 except in labels.
    private var fillValue: JSONValue { element.isFloatingPoint ? 0.0 : .integer(Int(fill)) }

    /// The type as NumPy writes it.
    private var dtype: String {
        let kind = element.isFloatingPoint ? "f" : element.rawValue.hasPrefix("u") ? "u" : "i"
        return (element.size > 1 ? "<" : "|") + "\(kind)\(element.size)"
    }

    private static func list(_ numbers: [Int]) -> JSONValue { .array(numbers.map { .integer($0) }) }
}
