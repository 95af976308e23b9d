internal import JSON

/// What the document of an array of Zarr says.
struct ZarrArrayHeader {
    /// Its place in the hierarchy.
    let path: String
    let text: ZarrText
    /// Sizes, the slowest axis first.
    let shape: [Int]
    /// The shape of what one key has.
    let chunk: [Int]
    let type: ZarrNumbers
    let codecs: ZarrCodecs
    /// The names of axes that format 3 may have.
    let names: [String?]
    private let separator: String
    private let prefix: String

    init(format2 text: ZarrText, at path: String) throws(VolumeError) {
        (self.text, self.path) = (text, path)
        guard text.json["zarr_format"].numeric == 2 else { throw text.wrong("its zarr_format is not 2") }
        shape = try text.sizes(text.json["shape"], "its shape", from: 0)
        chunk = try text.sizes(text.json["chunks"], "its chunks")
        type = try ZarrNumbers(format2: text)
        codecs = try ZarrCodecs(format2: text, type, axes: shape.count)
        names = []
        separator = try Self.separator(text.json["dimension_separator"], text) ?? "."
        prefix = ""
        try check()
    }

    init(format3 text: ZarrText, at path: String) throws(VolumeError) {
        (self.text, self.path) = (text, path)
        let json = text.json
        shape = try text.sizes(json["shape"], "its shape", from: 0)
        guard json["storage_transformers"].list?.isEmpty ?? true else {
            throw text.unsupported("it has storage_transformers, none of which is known")
        }
        let grid = json["chunk_grid"]
        guard grid["name"].word == "regular" else {
            throw text.unsupported("its chunk_grid is \(grid["name"].kind); regular is known")
        }
        chunk = try text.sizes(grid["configuration"]["chunk_shape"], "its chunk_shape")
        var numbers = try ZarrNumbers(format3: text)
        codecs = try ZarrCodecs(format3: json["codecs"], text, numbers, chunk: chunk)
        numbers.bigEndian = (codecs.shards?.codecs ?? codecs).bigEndian
        type = numbers
        names = (json["dimension_names"].list ?? []).map(\.word)
        let encoding = json["chunk_key_encoding"]
        let given = try Self.separator(encoding["configuration"]["separator"], text)
        switch encoding["name"].word {
        case "default": (prefix, separator) = ("c", given ?? "/")
        case "v2": (prefix, separator) = ("", given ?? ".")
        default: throw text.unsupported("its chunk_key_encoding is \(encoding["name"].kind); default and v2 are known")
        }
        try check()
    }

    private static func separator(_ value: JSONValue, _ text: ZarrText) throws(VolumeError) -> String? {
        guard value != .null else { return nil }
        guard let separator = value.word, ["/", "."].contains(separator) else {
            throw text.wrong("the separator of its chunks' names is \(value.kind); / or . is expected")
        }
        return separator
    }

    private func check() throws(VolumeError) {
        guard chunk.count == shape.count, !shape.isEmpty else {
            throw text.wrong("its shape has \(shape.count) axes, its chunks have \(chunk.count)")
        }
        guard !shape.contains(0) else { throw text.wrong("its shape is \(sizesText); every size must be at least 1") }
    }

    /// The key of a chunk.
    func key(of place: [Int]) -> String {
        let numbers = place.map(String.init).joined(separator: separator)
        let name = prefix.isEmpty ? numbers : prefix + separator + numbers
        return path.isEmpty ? name : "\(path)/\(name)"
    }

    var sizesText: String { shape.map(String.init).joined(separator: " × ") }
}
