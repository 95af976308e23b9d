internal import JSON
internal import Volumes

/// An array of Zarr: one level of an image or of labels.
struct ZarrArray: Hashable, Sendable {
    /// The names of the axes, the slowest first.
    let axes: [String]
    let shape: [Int]
    let chunk: [Int]
    let element: ElementType
    /// Every byte of a chunk that is missing.
    let fill: UInt8

    /// The array's document.
    func document(_ version: OMEZarrVersion) -> JSONValue {
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
                "chunk_grid": ["name": "regular", "configuration": ["chunk_shape": Self.list(chunk)]],
                "chunk_key_encoding": ["name": "default", "configuration": ["separator": "/"]],
                "fill_value": fillValue,
                "codecs": codecs, "attributes": [:], "dimension_names": .array(axes.map { .string($0) }),
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
