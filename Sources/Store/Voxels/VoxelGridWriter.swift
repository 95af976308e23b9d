internal import Synchronization
package import Volumes

/// Stores the voxels of one grid box by box; they can't be read before `finish()`.
///
/// Calls may come from any thread and run one at a time. A writer released without `finish()` leaves nothing behind.
/// Memory is bounded by the store's `draftBytes` and a few bricks, whatever the boxes are. Once a call has failed, the
/// writer can't be used.
package final class VoxelGridWriter: Sendable {
    package let header: VolumeHeader
    package let grid: BrickGrid
    private let store: Store
    private let id: VoxelGridID
    private let draft: Mutex<VoxelGridDraft>

    init(store: Store, id: VoxelGridID, header: VolumeHeader, grid: BrickGrid, fill: UInt8) {
        self.store = store
        self.id = id
        self.header = header
        self.grid = grid
        draft = Mutex(VoxelGridDraft(store: store, id: id, header: header, grid: grid, fill: fill))
    }

    deinit {
        if !draft.withLock({ $0.isFinished }) { store.dropLater([id]) }
    }

    /// Stores a whole brick: `grid.box(of: brick)`, x fastest, in the header's element type.
    package func write(channel: Int, _ brick: BrickIndex, _ bytes: UnsafeRawBufferPointer) throws {
        try write(box: grid.box(of: brick), channel: channel, bytes)
    }

    /// Stores any box in the volume, x fastest; boxes need not align with bricks and may overlap: the last one wins.
    ///
    /// Boxes of whole bricks are fastest: partly written bricks wait in memory and, when there are too many, are stored
    /// and read again.
    package func write(box: Box, channel: Int, _ bytes: UnsafeRawBufferPointer) throws {
        guard (0..<header.channels).contains(channel) else {
            throw StoreError.constraint("there is no channel \(channel); the grid has \(header.channels)")
        }
        guard !box.isEmpty, Box(extent: header.extent).contains(box) else {
            throw StoreError.constraint("the box lies outside the volume")
        }
        guard bytes.count == box.extent.voxels * header.element.size else {
            throw StoreError.constraint(
                "the box has \(box.extent.voxels * header.element.size) bytes, not \(bytes.count)")
        }
        try draft.withLock { try $0.write(box, channel, bytes) }
    }

    /// The same from an array of any number type of the size of the header's element type.
    package func write<Value: BitwiseCopyable>(box: Box, channel: Int, values: [Value]) throws {
        try values.withUnsafeBytes { try write(box: box, channel: channel, $0) }
    }

    /// Stores every voxel of a source with the same channels, extent and element type: a row of bricks at a time, or as
    /// many of its bricks as fit in `most` bytes, at least one.
    package func write(_ source: any VoxelSource, most: Int = 64 << 20) throws {
        let given = source.header
        guard given.channels == header.channels, given.extent == header.extent, given.element == header.element else {
            throw StoreError.constraint("the source's channels, extent or element type differ from the grid's")
        }
        let counts = grid.counts
        let brick = grid.box(of: BrickIndex(z: 0, y: 0, x: 0)).extent.voxels * header.element.size
        let bricks = max(most / brick, 1)
        for channel in 0..<header.channels {
            for z in 0..<counts.z {
                for y in 0..<counts.y {
                    for x in stride(from: 0, to: counts.x, by: bricks) {
                        var row = grid.box(of: BrickIndex(z: z, y: y, x: x))
                        row.extent.x = min(bricks * grid.edge, header.extent.x - row.origin.x)
                        let bytes = UnsafeMutableRawBufferPointer.allocate(
                            byteCount: row.extent.voxels * header.element.size, alignment: 16)
                        defer { bytes.deallocate() }
                        try source.read(row, channel: channel, into: bytes)
                        try write(box: row, channel: channel, UnsafeRawBufferPointer(bytes))
                    }
                }
            }
        }
    }

    /// Makes the grid readable and durable.
    ///
    /// The grid is kept until the process ends, then only if a volume or prediction owns it.
    package func finish() throws -> VoxelGridID {
        try draft.withLock { try $0.finish() }
        return id
    }
}
