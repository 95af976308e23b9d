internal import JSON

/// The numbers of an array of Zarr as they are stored.
struct ZarrNumbers: Hashable {
    /// What they are read as: floats of 16 bits as of 32, booleans as bytes.
    let element: ElementType
    /// Whether they are floats of 16 bits.
    var isHalf = false
    var bigEndian = false

    /// Bytes of a number as it is stored.
    var size: Int { isHalf ? 2 : element.size }

    private static let known = "booleans, integers of 8 to 64 bits and floats of 16 to 64 bits can be voxels"

    /// By the type in a document of format 2, `<u2` for instance.
    init(format2 text: ZarrText) throws(VolumeError) {
        let type = text.json["dtype"]
        let kinds: [String: ElementType] = [
            "b1": .uint8, "u1": .uint8, "i1": .int8, "u2": .uint16, "i2": .int16, "u4": .uint32, "i4": .int32,
            "u8": .uint64, "i8": .int64, "f2": .float32, "f4": .float32, "f8": .float64,
        ]
        guard let word = type.word, let order = word.first, "<>|".contains(order),
            let element = kinds[String(word.dropFirst())], order != "|" || element.size == 1
        else { throw text.unsupported("its dtype is \(type.kind); \(Self.known)") }
        self.element = element
        isHalf = word.hasSuffix("f2")
        bigEndian = order == ">" && element.size > 1
    }

    /// By the type in a document of format 3, `uint16` for instance; the order of bytes is its codecs'.
    init(format3 text: ZarrText) throws(VolumeError) {
        let type = text.json["data_type"]
        switch type.word {
        case "bool": element = .uint8
        case "float16":
            element = .float32
            isHalf = true
        default:
            guard let element = type.word.flatMap(ElementType.init(rawValue:)) else {
                throw text.unsupported("its data_type is \(type.kind); \(Self.known)")
            }
            self.element = element
        }
    }
}
