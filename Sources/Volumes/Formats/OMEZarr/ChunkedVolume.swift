/// A volume whose chunks lie in a file, unpacked, wherever there was room.
final class ChunkedVolume: VoxelSource {
    /// The chunks of a volume along its axes; those at the end hold what there is.
    struct Grid {
        let channels: Int
        let extent: Extent
        /// Channels and voxels of a chunk.
        let depth: Int
        let chunk: Extent

        var counts: (c: Int, z: Int, y: Int, x: Int) {
            let count = { (all: Int, part: Int) in (all + part - 1) / part }
            return (
                count(channels, depth), count(extent.z, chunk.z), count(extent.y, chunk.y), count(extent.x, chunk.x)
            )
        }

        /// The number of a chunk by its place.
        func index(_ c: Int, _ z: Int, _ y: Int, _ x: Int) -> Int {
            ((c * counts.z + z) * counts.y + y) * counts.x + x
        }

        /// What a chunk holds of a channel.
        func box(_ z: Int, _ y: Int, _ x: Int) -> Box {
            Box(origin: Voxel(z: z * chunk.z, y: y * chunk.y, x: x * chunk.x), extent: chunk)
                .intersection(Box(extent: extent))
        }
    }

    let header: VolumeHeader
    private let grid: Grid
    private let file: OpenFile
    /// Where the chunks begin in the file, of C, Z, Y, X of what they hold; `missing` for those that hold `fill` only.
    private let places: [Int]
    private let bigEndian: Bool
    /// The bytes of a voxel in chunks that are missing.
    private let fill: [UInt8]

    static let missing = -1

    init(header: VolumeHeader, grid: Grid, file: OpenFile, places: [Int], bigEndian: Bool, fill: [UInt8]) {
        self.header = header
        self.grid = grid
        self.file = file
        self.places = places
        self.bigEndian = bigEndian
        self.fill = fill
    }

    func read(_ box: Box, channel: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
        guard channel >= 0, channel < header.channels, Box(extent: header.extent).contains(box) else {
            throw VolumeError.unsupported("the requested box or channel lies outside of the volume")
        }
        guard !box.isEmpty else { return }
        let range = { (axis: Axis) in
            box.origin[axis] / self.grid.chunk[axis]...(box.range(axis).upperBound - 1) / self.grid.chunk[axis]
        }
        for z in range(.z) {
            for y in range(.y) {
                for x in range(.x) { try read(z, y, x, box, channel, into: bytes) }
            }
        }
    }

    /// Copies what a chunk and a box share.
    private func read(
        _ z: Int, _ y: Int, _ x: Int, _ box: Box, _ channel: Int, into bytes: UnsafeMutableRawBufferPointer
    ) throws {
        let size = header.element.size
        var whole = grid.box(z, y, x)
        let shared = whole.intersection(box)
        let start = places[grid.index(channel / grid.depth, z, y, x)]
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: shared.extent.voxels * size, alignment: 16)
        defer { buffer.deallocate() }
        if start == Self.missing {
            for index in fill.indices {
                for place in stride(from: index, to: buffer.count, by: size) { buffer[place] = fill[index] }
            }
        } else {
            var part = shared
            for axis in Axis.allCases { part.origin[axis] -= whole.origin[axis] }
            whole.origin = .zero
            let layout = FileLayout(
                offset: start + channel % grid.depth * whole.extent.voxels * size, stored: header.element,
                bigEndian: bigEndian, strides: .plain(whole.extent))
            let chunk = StridedVolume(
                header: VolumeHeader(extent: whole.extent, element: header.element), file: file, layout: layout)
            try chunk.read(part, channel: 0, into: buffer)
        }
        VoxelCopy.copy(UnsafeRawBufferPointer(buffer), of: shared, to: bytes, of: box, size: size)
    }
}
