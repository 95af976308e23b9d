internal import JSON

/// How the numbers of a chunk become its bytes.
struct ZarrCodecs {
    /// The axes as they lie in the bytes, the slowest first.
    var order: [Int]
    var bigEndian = false
    /// What is done to the bytes, in this order.
    var packings: [ZarrPacking] = []
    /// Smaller chunks of which a chunk consists, packed by codecs of their own.
    var shards: ZarrShards?

    /// Of an array of format 2.
    init(format2 text: ZarrText, _ type: ZarrNumbers, axes: Int) throws(VolumeError) {
        let json = text.json
        order = Array(0..<axes)
        switch json["order"].word ?? "C" {
        case "C": break
        case "F": order.reverse()
        default: throw text.wrong("its order is \(json["order"].kind); C or F is expected")
        }
        bigEndian = type.bigEndian
        for codec in (json["filters"].list ?? []) + [json["compressor"]] where codec != .null {
            let name = codec["id"].word ?? "without an id"
            guard let packing = ZarrPacking(named: name, codec), packing != .checksum else {
                throw Self.unknown(name, text)
            }
            packings.append(packing)
        }
    }

    /// By a list of format 3; `chunk` is the shape that they pack.
    init(format3 list: JSONValue, _ text: ZarrText, _ type: ZarrNumbers, chunk: [Int], isShard: Bool = false)
        throws(VolumeError)
    {
        guard let codecs = list.list, (1...16).contains(codecs.count) else {
            throw text.wrong("its codecs are \(list.kind); a list of them is expected")
        }
        order = Array(chunk.indices)
        var isBytes = false
        for codec in codecs {
            let (name, configuration) = (codec.word ?? codec["name"].word ?? "without a name", codec["configuration"])
            switch name {
            case "transpose" where !isBytes: try transpose(configuration["order"], text)
            case "bytes" where !isBytes, "endian" where !isBytes:
                bigEndian = try Self.isBigEndian(configuration["endian"], type.size, text)
                isBytes = true
            case "sharding_indexed" where !isBytes && !isShard:
                guard order == Array(chunk.indices) else { throw text.unsupported("shards whose axes are transposed") }
                shards = try ZarrShards(configuration, text, type, shard: chunk)
                isBytes = true
            default:
                guard let packing = ZarrPacking(named: name, configuration), isBytes, shards == nil else {
                    throw Self.unknown(name, text)
                }
                packings.append(packing)
            }
        }
        guard isBytes else { throw text.wrong("its codecs lack the one called bytes") }
    }

    private static func unknown(_ name: String, _ text: ZarrText) -> VolumeError {
        text.unsupported(
            "the codec \"\(name.prefix(80))\" is not known, or not at its place; known are \(ZarrPacking.known)")
    }

    static func isBigEndian(_ value: JSONValue, _ size: Int, _ text: ZarrText) throws(VolumeError) -> Bool {
        switch value.word {
        case "little": return false
        case "big": return size > 1
        case nil where size == 1: return false
        default: throw text.wrong("the endian of its codec is \(value.kind); little or big is expected")
        }
    }

    /// Axis i of what follows is axis `order[i]` of what came before.
    private mutating func transpose(_ value: JSONValue, _ text: ZarrText) throws(VolumeError) {
        let axes: [Int] =
            switch value.word {
            case "C": Array(order.indices)
            case "F": order.indices.reversed()
            default: try text.sizes(value, "the order of its codec transpose", from: 0)
            }
        guard axes.sorted() == Array(order.indices) else {
            throw text.wrong("the order of its codec transpose must name each of \(order.count) axes once")
        }
        order = axes.map { order[$0] }
    }
}

/// Chunks that lie in one file with an index of where each of them is.
final class ZarrShards: Sendable {
    /// The shape of a chunk.
    let chunk: [Int]
    let codecs: ZarrCodecs
    let isIndexFirst: Bool
    let isIndexBigEndian: Bool
    let isIndexChecked: Bool

    init(
        _ configuration: JSONValue, _ text: ZarrText, _ type: ZarrNumbers, shard: [Int]
    ) throws(VolumeError) {
        chunk = try text.sizes(configuration["chunk_shape"], "the chunk_shape of its shards")
        guard chunk.count == shard.count, zip(shard, chunk).allSatisfy({ $0 % $1 == 0 }) else {
            throw text.wrong("its shards of \(shard) are no multiple of their chunks of \(chunk)")
        }
        codecs = try ZarrCodecs(format3: configuration["codecs"], text, type, chunk: chunk, isShard: true)
        isIndexFirst = configuration["index_location"].word == "start"
        let index = configuration["index_codecs"].list ?? []
        let names = index.map { $0.word ?? $0["name"].word ?? "" }
        guard names == ["bytes"] || names == ["bytes", "crc32c"] else {
            throw text.unsupported("the index of its shards is packed by \(names); bytes and crc32c are known")
        }
        isIndexBigEndian = try ZarrCodecs.isBigEndian(index[0]["configuration"]["endian"], 8, text)
        isIndexChecked = names.count == 2
    }
}
