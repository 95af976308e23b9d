internal import Dispatch
package import Foundation
internal import Synchronization

/// An OME-Zarr in a folder, read chunk by chunk as boxes need them, whatever its size; the chunks that were used last stay
/// unpacked in memory.
///
/// What lies in the folder must not change while it is in use.
package final class ZarrFolderVolume: VoxelSource {
    package let header: VolumeHeader
    private let store: FolderZarrStore
    private let selection: ZarrSelection
    private let grid: ChunkedVolume.Grid
    /// The bytes of a voxel in chunks that are missing.
    private let fill: Result<[UInt8], VolumeError>
    private let threads: Int
    private let chunks: Mutex<BrickCache>
    private let indices = Mutex<[String: ZarrShardIndex]>([:])
    private let found = Atomic(false)

    /// The most bytes of a chunk that is unpacked.
    private static let largestChunk = 256 << 20
    /// How many files of several chunks are kept open.
    private static let mostIndices = 16

    /// `cacheBytes` is the most that is kept unpacked, beside a chunk that is larger; so many threads unpack chunks.
    package init(
        _ url: URL, hints: VolumeHints = VolumeHints(), cacheBytes: Int = 128 << 20, threads: Int = 1
    ) throws(VolumeError) {
        guard let store = FolderZarrStore(url) else {
            throw .unsupported("is not a folder; an OME-Zarr that is a folder is expected, not zipped")
        }
        let image = try OMEZarrImage(OMEZarrChoice(of: store, hints), store, hints)
        let selection = image.selection
        try selection.checkChunks(most: Self.largestChunk)
        let (extent, element) = (selection.extent, selection.array.type.element)
        _ = try VolumeHeader.checkedBytes(
            channels: selection.channels, z: extent.z, y: extent.y, x: extent.x, element: element)
        var header = try VolumeHeader(
            channels: selection.channels, extent: extent, element: element, spacing: image.spacing, hints: hints)
        header.part = image.part
        header.take(image.looks)
        self.header = header
        self.store = store
        self.selection = selection
        grid = selection.grid(of: selection.chunk)
        do throws(VolumeError) {
            fill = .success(try selection.fill())
        } catch {
            fill = .failure(error)
        }
        self.threads = max(threads, 1)
        chunks = Mutex(BrickCache(limit: cacheBytes))
    }

    private var array: ZarrArrayHeader { selection.array }

    /// What tells its voxels from those of another array: the array's document, and what of it the volume is.
    package var identity: [UInt8] {
        array.text.bytes + Array("\(array.path) \(String(selection.axes)) \(selection.time)".utf8)
    }

    /// Whether any chunk was there when it was read.
    package var hasFoundChunks: Bool { found.load(ordering: .relaxed) }

    /// The key of the first chunk, for messages.
    package var firstKey: String { array.key(of: selection.place(in: array.chunk, 0, 0, 0, 0)) }

    /// As many whole chunks as have about 32 MiB.
    package var piece: Extent? {
        var size = grid.chunk
        for axis in [Axis.x, .y, .z] {
            let most = (32 << 20) / max(size.voxels * header.element.size, 1)
            let count = (header.extent[axis] + size[axis] - 1) / size[axis]
            size[axis] *= max(min(most, count), 1)
        }
        return size
    }

    package func read(_ box: Box, channel: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
        guard channel >= 0, channel < header.channels, Box(extent: header.extent).contains(box) else {
            throw VolumeError.unsupported("the requested box or channel lies outside of the volume")
        }
        guard !box.isEmpty else { return }
        let range = { (axis: Axis) in
            box.origin[axis] / self.grid.chunk[axis]...(box.range(axis).upperBound - 1) / self.grid.chunk[axis]
        }
        let places = range(.z).flatMap { z in
            range(.y).flatMap { y in range(.x).map { x in BrickIndex(z: z, y: y, x: x) } }
        }
        let parts = min(threads, places.count)
        guard parts > 1 else {
            for place in places { try read(place, box, channel, into: bytes) }
            return
        }
        // Chunks write to disjoint bytes.
        nonisolated(unsafe) let target = bytes
        let failure = Mutex<(any Error)?>(nil)
        DispatchQueue.concurrentPerform(iterations: parts) { part in
            do {
                for index in stride(from: part, to: places.count, by: parts) {
                    try read(places[index], box, channel, into: target)
                }
            } catch {
                failure.withLock { $0 = error }
            }
        }
        if let failure = failure.withLock({ $0 }) { throw failure }
    }

    /// Copies what a chunk and a box share.
    private func read(
        _ place: BrickIndex, _ box: Box, _ channel: Int, into bytes: UnsafeMutableRawBufferPointer
    ) throws {
        let (size, whole) = (header.element.size, grid.box(place.z, place.y, place.x))
        guard let chunk = try chunk(channel / grid.depth, place) else {
            let (voxel, shared) = (try fill.get(), whole.intersection(box))
            var values = [UInt8](repeating: voxel[0], count: shared.extent.voxels * size)
            for index in voxel.indices where voxel[index] != voxel[0] {
                for place in stride(from: index, to: values.count, by: size) { values[place] = voxel[index] }
            }
            values.withUnsafeBytes { VoxelCopy.copy($0, of: shared, to: bytes, of: box, size: size) }
            return
        }
        let count = whole.extent.voxels * size
        let start = channel % grid.depth * count
        chunk.withUnsafeBytes {
            let part = UnsafeRawBufferPointer(rebasing: $0[start..<start + count])
            VoxelCopy.copy(part, of: whole, to: bytes, of: box, size: size)
        }
    }

    /// The voxels of a chunk, C×Z×Y×X in native byte order; `nil` if it is missing.
    private func chunk(_ c: Int, _ place: BrickIndex) throws(VolumeError) -> [UInt8]? {
        let key = BrickCache.Key(channel: c, brick: place)
        if let kept = chunks.withLock({ $0.value(of: key) }) { return kept }
        guard let stored = try load((c, place.z, place.y, place.x)) else { return nil }
        let isSwapped = array.type.bigEndian && !array.type.isHalf
        let values = isSwapped ? Self.swapped(stored, size: header.element.size) : stored
        found.store(true, ordering: .relaxed)
        chunks.withLock { $0.insert(values, for: key) }
        return values
    }

    private func load(_ place: (c: Int, z: Int, y: Int, x: Int)) throws(VolumeError) -> [UInt8]? {
        let limit = [ZarrPacking].most(selection.chunk.reduce(array.type.size, *))
        guard let shards = array.codecs.shards else {
            let key = array.key(of: selection.place(in: array.chunk, place.c, place.z, place.y, place.x))
            guard let packed = try store.bytes(key, atMost: limit) else { return nil }
            return try selection.values(of: packed, array.codecs, at: place, key)
        }
        /// The place of the file among the files.
        func outer(_ inner: Int, _ axis: Character) -> Int {
            inner / (selection.part(array.chunk, axis) / selection.part(shards.chunk, axis))
        }
        let key = array.key(
            of: selection.place(
                in: array.chunk, outer(place.c, "c"), outer(place.z, "z"), outer(place.y, "y"), outer(place.x, "x")))
        guard let index = try index(key, shards) else { return nil }
        let inner = selection.place(in: shards.chunk, place.c, place.z, place.y, place.x)
        guard let packed = try index.bytes(of: inner, atMost: limit) else { return nil }
        return try selection.values(of: packed, shards.codecs, at: place, key)
    }

    /// Where the chunks of a file are; `nil` if it is missing.
    private func index(_ key: String, _ shards: ZarrShards) throws(VolumeError) -> ZarrShardIndex? {
        if let kept = indices.withLock({ $0[key] }) { return kept }
        guard let file = try store.opened(key) else { return nil }
        let index = try ZarrShardIndex(file, shards, shard: array.chunk, key)
        indices.withLock { indices in
            if indices.count >= Self.mostIndices { indices = [:] }
            indices[key] = index
        }
        return index
    }

    private static func swapped(_ bytes: [UInt8], size: Int) -> [UInt8] {
        var swapped = bytes
        for start in stride(from: 0, to: bytes.count - size + 1, by: size) {
            for byte in 0..<size { swapped[start + byte] = bytes[start + size - 1 - byte] }
        }
        return swapped
    }
}
