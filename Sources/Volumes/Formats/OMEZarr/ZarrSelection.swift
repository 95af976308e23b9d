internal import JSON

/// What of an array of Zarr is the volume: all of it along c, z, y and x, and one place along every other axis.
struct ZarrSelection {
    let array: ZarrArrayHeader
    /// The name of each axis: c, z, y, x or t, or `-` for one of a single voxel.
    let axes: [Character]
    /// The time point.
    var time = 0

    /// The shape of the chunks that are packed by themselves.
    var chunk: [Int] { array.codecs.shards?.chunk ?? array.chunk }

    /// What a list of an element for each axis has for this one, else 1.
    func part(_ sizes: [Int], _ axis: Character) -> Int { axes.firstIndex(of: axis).map { sizes[$0] } ?? 1 }

    var channels: Int { part(array.shape, "c") }

    var extent: Extent { extent(of: array.shape) }

    private func extent(of sizes: [Int]) -> Extent {
        Extent(z: part(sizes, "z"), y: part(sizes, "y"), x: part(sizes, "x"))
    }

    /// The volume in chunks of a shape.
    func grid(of chunk: [Int]) -> ChunkedVolume.Grid {
        ChunkedVolume.Grid(channels: channels, extent: extent, depth: part(chunk, "c"), chunk: extent(of: chunk))
    }

    /// The place of a chunk of a shape along each axis of the array.
    func place(in chunk: [Int], _ c: Int, _ z: Int, _ y: Int, _ x: Int) -> [Int] {
        axes.indices.map { axis in
            switch axes[axis] {
            case "c": c
            case "z": z
            case "y": y
            case "x": x
            case "t": time / chunk[axis]
            default: 0
            }
        }
    }

    /// Throws for sizes that no memory would hold; `limit` is in bytes of voxels.
    func check(limit: Int) throws(VolumeError) {
        // A chunk may be larger than what it holds, but not without bounds.
        try checkChunks(most: min(max(limit, 32 << 20), 1 << 30))
        let counts = zip(array.shape, chunk).map { ($0 + $1 - 1) / $1 }
        guard let chunks = Self.product(counts), chunks <= Self.mostChunks else {
            throw array.text.unsupported(
                "its shape of \(array.sizesText) has \(counts.map(String.init).joined(separator: " × ")) chunks; at most "
                    + "\(Self.mostChunks) are read: write it with larger chunks")
        }
    }

    /// Throws for chunks that have more than so many bytes when they are unpacked, and shards of too many of them.
    func checkChunks(most: Int) throws(VolumeError) {
        guard let bytes = Self.product([array.type.size] + chunk), bytes <= most else {
            throw array.text.unsupported(
                "its chunks are \(chunk) of \(array.type.size) bytes; at most \(most) bytes are unpacked at once")
        }
        guard let inner = Self.product(zip(array.chunk, chunk).map { $0 / $1 }), inner <= Self.mostChunks else {
            throw array.text.unsupported("its shards of \(array.chunk) have more than \(Self.mostChunks) chunks")
        }
    }

    /// The value of voxels that are missing, in native byte order; 0 where the array has none.
    func fill() throws(VolumeError) -> [UInt8] {
        let value = array.text.json["fill_value"]
        guard value != .null else { return [UInt8](repeating: 0, count: array.type.element.size) }
        guard let bytes = array.text.fill?.bytes(as: array.type) else {
            throw array.text.wrong(
                "chunks are missing, and its fill_value, \(value.numeric.map { "\($0)" } ?? value.kind), is none of its type"
            )
        }
        return bytes
    }

    private static let mostChunks = 1 << 22

    private static func product(_ sizes: [Int]) -> Int? {
        var product = 1
        for size in sizes {
            let (next, overflow) = product.multipliedReportingOverflow(by: size)
            guard !overflow else { return nil }
            product = next
        }
        return product
    }
}
