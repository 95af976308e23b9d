internal import CTIFF
internal import Synchronization

/// Unpacks the strips and tiles of one file with libtiff; one thread at a time.
final class TIFFUnpacker: Sendable {
    private struct State: ~Copyable {
        let file: UnsafeMutablePointer<ctiff>
        /// The directory of libtiff's current page; -1 for none.
        var page = -1
        /// Chunks of which only a part was needed so far.
        var cache = BrickCache(limit: 32 << 20)

        init(_ file: UnsafeMutablePointer<ctiff>) { self.file = file }

        deinit { ctiff_close(file) }
    }

    private let state: Mutex<State>

    /// Above the best ratio of any supported compression, that of Zstandard: 128 kB in 4 bytes.
    private static let largestRatio = 40_000

    init(_ file: OpenFile) throws(VolumeError) {
        let room = TIFFPage.largestChunk + 1 << 20
        guard let opened = ctiff_open(try file.duplicate(), UInt64(file.size), room) else {
            throw .malformed("libtiff cannot open the TIFF file")
        }
        state = Mutex(State(opened))
    }

    /// Copies a box of one page; the box has z = 0.
    func read(_ page: TIFFPage, _ box: Box, into bytes: UnsafeMutableRawBufferPointer) throws(VolumeError) {
        let (top, left) = (box.origin.y / page.rows, box.origin.x / page.columns)
        let bottom = (box.origin.y + box.extent.y - 1) / page.rows
        let right = (box.origin.x + box.extent.x - 1) / page.columns
        for row in top...bottom {
            for column in left...right {
                let chunk = chunk(page, row, column)
                let isWhole = box.contains(chunk.intersection(Box(extent: page.extent)))
                let unpacked = try state.withLock { state throws(VolumeError) in
                    try Self.voxels(of: chunk, page, row, column, keep: !isWhole || page.step > 1, &state)
                }
                let voxels = Self.sample(of: page, in: unpacked)
                voxels.withUnsafeBytes {
                    VoxelCopy.copy($0, of: chunk, to: bytes, of: box, size: page.element.size)
                }
            }
        }
    }

    /// The box of a strip or tile; the last strip ends at the page's end, the last tiles reach beyond it.
    private func chunk(_ page: TIFFPage, _ row: Int, _ column: Int) -> Box {
        let rows = page.tiled ? page.rows : min(page.rows, page.length - row * page.rows)
        return Box(
            origin: Voxel(z: 0, y: row * page.rows, x: column * page.columns),
            extent: Extent(z: 1, y: rows, x: page.columns))
    }

    private static func voxels(
        of chunk: Box, _ page: TIFFPage, _ row: Int, _ column: Int, keep: Bool, _ state: inout State
    ) throws(VolumeError) -> [UInt8] {
        let plane = page.isPlanar ? page.sample : 0
        let key = BrickCache.Key(channel: page.directory, brick: BrickIndex(z: plane, y: row, x: column))
        if let cached = state.cache.value(of: key) { return cached }
        let file = state.file
        if state.page != page.directory {
            state.page = -1
            guard ctiff_go(file, UInt64(page.directory)) == 1 else { throw failure(file) }
            state.page = page.directory
        }
        let across = page.tiled ? (page.width + page.columns - 1) / page.columns : 1
        let down = (page.length + page.rows - 1) / page.rows
        guard let index = UInt32(exactly: (plane * down + row) * across + column) else {
            throw .tooLarge("the TIFF file's pages have too many tiles; save it with larger ones")
        }
        // Rows begin with a byte of their own.
        let row = page.bits < 8 ? (chunk.extent.x * page.bits + 7) / 8 : chunk.extent.x * page.step * page.element.size
        let size = chunk.extent.y * row
        let stored = Int(clamping: ctiff_stored(file, index))
        guard size / largestRatio <= stored else {
            throw .malformed("the TIFF file has \(stored) bytes to unpack to \(size), more than any compression allows")
        }
        var isDone = false
        var voxels = [UInt8](unsafeUninitializedCapacity: size) { memory, count in
            // Bytes that libtiff does not write are 0.
            memory.initialize(repeating: 0)
            isDone = ctiff_unpack(file, page.tiled ? 1 : 0, index, memory.baseAddress, size) == 1
            count = size
        }
        guard isDone else { throw failure(file) }
        if page.bits < 8 { voxels = spread(voxels, bits: page.bits, rows: chunk.extent.y, columns: chunk.extent.x) }
        if keep { state.cache.insert(voxels, for: key) }
        return voxels
    }

    /// Values of a few bits each, the first in the highest ones, as bytes.
    private static func spread(_ packed: [UInt8], bits: Int, rows: Int, columns: Int) -> [UInt8] {
        let (row, mask) = ((columns * bits + 7) / 8, UInt8(1 << bits - 1))
        return [UInt8](unsafeUninitializedCapacity: rows * columns) { values, count in
            for y in 0..<rows {
                for x in 0..<columns {
                    let place = x * bits
                    values[count] = packed[y * row + place / 8] >> UInt8(8 - bits - place % 8) & mask
                    count += 1
                }
            }
        }
    }

    /// Extracts the values of one sample from interleaved samples.
    private static func sample(of page: TIFFPage, in bytes: [UInt8]) -> [UInt8] {
        guard page.step > 1 else { return bytes }
        let size = page.element.size
        return [UInt8](unsafeUninitializedCapacity: bytes.count / page.step) { values, count in
            for start in stride(from: page.sample * size, to: bytes.count, by: page.step * size) {
                for byte in 0..<size { values[count + byte] = bytes[start + byte] }
                count += size
            }
        }
    }

    private static func failure(_ file: UnsafeMutablePointer<ctiff>) -> VolumeError {
        let reason = String(cString: ctiff_message(file))
        return .malformed("the TIFF file cannot be unpacked" + (reason.isEmpty ? "" : " (libtiff: \(reason))"))
    }
}
