internal import Foundation
internal import JSON

/// Copies the chunks of a selection, unpacked, to a file without a name, in order, as what they hold of the volume.
struct ZarrChunkReader: ~Copyable {
    private let selection: ZarrSelection
    private let grid: ChunkedVolume.Grid
    private let target: ScratchFile
    private let scratch: URL
    private var end = 0
    private var places: [Int]

    init(_ selection: ZarrSelection, scratch: URL) throws(VolumeError) {
        self.selection = selection
        self.scratch = scratch
        grid = selection.grid(of: selection.chunk)
        let counts = grid.counts
        places = [Int](repeating: ChunkedVolume.missing, count: counts.c * counts.z * counts.y * counts.x)
        target = try ScratchFile(in: scratch)
    }

    private var array: ZarrArrayHeader { selection.array }

    /// Bytes of a chunk that is unpacked.
    private var size: Int { selection.chunk.reduce(array.type.size, *) }

    /// The volume of all chunks.
    mutating func volume(_ header: VolumeHeader, in store: any ZarrStore) throws(VolumeError) -> ChunkedVolume {
        let files = selection.grid(of: array.chunk).counts
        let all = files.c * files.z * files.y * files.x
        let place = { (index: Int) in
            let (plane, row) = (index / files.x, index / files.x / files.y)
            return (c: row / files.z, z: row % files.z, y: plane % files.y, x: index % files.x)
        }
        let ahead = array.codecs.shards == nil ? store.countAhead(of: size) : 0
        var begun = 0
        for index in 0..<all {
            while begun < min(index + ahead, all) {
                let (c, z, y, x) = place(begun)
                store.begin(key(c, z, y, x), atMost: [ZarrPacking].most(size))
                begun += 1
            }
            let (c, z, y, x) = place(index)
            try take(c, z, y, x, store)
        }
        var header = header
        if !places.contains(where: { $0 != ChunkedVolume.missing }) {
            header.part?.remarks.append(
                "No chunk of the array was found, such as \(array.key(of: selection.place(in: array.chunk, 0, 0, 0, 0))): "
                    + "every voxel has its fill value.")
        }
        return ChunkedVolume(
            header: header, grid: grid, file: try target.reopen(), places: places,
            bigEndian: array.type.bigEndian && !array.type.isHalf, fill: try fill())
    }

    /// The value of voxels that are missing; 0 where none are.
    private func fill() throws(VolumeError) -> [UInt8] {
        guard places.contains(ChunkedVolume.missing) else {
            return [UInt8](repeating: 0, count: array.type.element.size)
        }
        return try selection.fill()
    }

    /// The key of a chunk, or shard, by its place in the array.
    private func key(_ c: Int, _ z: Int, _ y: Int, _ x: Int) -> String {
        array.key(of: selection.place(in: array.chunk, c, z, y, x))
    }

    /// Takes what a key has, by its place in the array.
    private mutating func take(
        _ c: Int, _ z: Int, _ y: Int, _ x: Int, _ store: any ZarrStore
    ) throws(VolumeError) {
        let key = key(c, z, y, x)
        guard let shards = array.codecs.shards else {
            guard let bytes = try store.bytes(key, atMost: [ZarrPacking].most(size)) else { return }
            return try put(bytes, array.codecs, at: (c, z, y, x), key)
        }
        guard let file = try store.file(key, scratch: scratch) else { return }
        let selection = selection
        let index = try ZarrShardIndex(file, shards, shard: array.chunk, key)
        let inner = { (axis: Character) in
            selection.part(selection.array.chunk, axis) / selection.part(shards.chunk, axis)
        }
        let counts = grid.counts
        let (deep, high, long, wide) = (inner("c"), inner("z"), inner("y"), inner("x"))
        for innerC in c * deep..<min((c + 1) * deep, counts.c) {
            for innerZ in z * high..<min((z + 1) * high, counts.z) {
                for innerY in y * long..<min((y + 1) * long, counts.y) {
                    for innerX in x * wide..<min((x + 1) * wide, counts.x) {
                        let place = selection.place(in: shards.chunk, innerC, innerZ, innerY, innerX)
                        guard let bytes = try index.bytes(of: place, atMost: [ZarrPacking].most(size)) else { continue }
                        try put(bytes, shards.codecs, at: (innerC, innerZ, innerY, innerX), key)
                    }
                }
            }
        }
    }

    /// Unpacks a chunk and appends what it holds of the volume.
    private mutating func put(
        _ packed: [UInt8], _ codecs: ZarrCodecs, at place: (c: Int, z: Int, y: Int, x: Int), _ key: String
    ) throws(VolumeError) {
        let values = try selection.values(of: packed, codecs, at: place, key)
        places[grid.index(place.c, place.z, place.y, place.x)] = end
        try target.append(values)
        end += values.count
    }
}

extension ZarrSelection {
    /// What an unpacked chunk holds of the volume, C×Z×Y×X: floats of 16 bits as of 32, else in the array's byte order.
    ///
    /// `place` is counted in chunks that are packed by themselves; `key` is for messages.
    func values(
        of packed: [UInt8], _ codecs: ZarrCodecs, at place: (c: Int, z: Int, y: Int, x: Int), _ key: String
    ) throws(VolumeError) -> [UInt8] {
        let unpacked: [UInt8]
        do {
            unpacked = try codecs.packings.unpacked(packed, to: chunk.reduce(array.type.size, *))
        } catch {
            throw .malformed("the chunk \(key) in the OME-Zarr can't be read: \(error)")
        }
        let grid = grid(of: chunk)
        let box = grid.box(place.z, place.y, place.x)
        let channels = min(grid.depth, grid.channels - place.c * grid.depth)
        let cut = ZarrCut(self, codecs, channels: channels, extent: box.extent)
        let values = cut.isWhole ? unpacked : cut.values(of: unpacked)
        return array.type.isHalf ? HalfFloats.singles(values, bigEndian: array.type.bigEndian) : values
    }
}
