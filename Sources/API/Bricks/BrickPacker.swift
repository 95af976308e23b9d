internal import HTTP
internal import Synchronization
internal import Volumes

/// Writes the bricks of an answer one after another, in the coding that its client takes.
///
/// Before each stand 20 bytes: its place in the grid (z, y, x), how many bytes follow, and the value of all of the brick's
/// bytes if none do, each as 32 bits, little-endian. The bytes of a brick are its voxels, little-endian and shuffled.
final class BrickPacker: Sendable {
    private let level: BrickLevel
    private let coding: ContentCoding?
    /// gzip has one frame around all bricks; with zstd each brick has its own, as it is stored.
    private let gzip: Mutex<StreamPacker?>

    init(_ level: BrickLevel, _ coding: ContentCoding?) throws {
        self.level = level
        self.coding = coding
        gzip = Mutex(coding == .gzip ? try StreamPacker(.gzip) : nil)
    }

    /// The bytes of some bricks, which are not the last unless said so; for threads that may block.
    func pack(_ bricks: ArraySlice<BrickIndex>, isLast: Bool) throws -> [UInt8] {
        var bytes: [UInt8] = []
        for (brick, packed) in zip(bricks, try level.load(Array(bricks))) {
            if coding == .zstd {
                bytes += BrickCodec.frame(head(of: brick, isStored: packed != nil)) + (packed ?? [])
            } else {
                bytes += head(of: brick, isStored: packed != nil)
                if let packed { bytes += try BrickCodec.shuffled(packed, bytes: level.bytes(of: brick)) }
            }
        }
        return try gzip.withLock { try $0?.pack(bytes, isLast: isLast) } ?? bytes
    }

    private func head(of brick: BrickIndex, isStored: Bool) -> [UInt8] {
        [brick.z, brick.y, brick.x, isStored ? level.bytes(of: brick) : 0, Int(level.fill)].flatMap { number in
            let number = UInt32(truncatingIfNeeded: number)
            return (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * UInt32($0))) }
        }
    }
}

extension BrickLevel {
    /// The most bytes, unpacked, that are sent at once or packed together.
    private static let atOnce = 1 << 20

    /// The body of an answer with some bricks; a few are sent at once, more as a stream in bounded memory.
    func body(_ bricks: [BrickIndex], _ coding: ContentCoding?, by work: BlockingWork) async throws -> ResponseBody {
        let packer = try BrickPacker(self, coding)
        if bricks.reduce(0, { $0 + bytes(of: $1) }) <= Self.atOnce {
            return .bytes(try await work.run { try packer.pack(bricks[...], isLast: true) })
        }
        let count = max(Self.atOnce / max(bricks.map { bytes(of: $0) }.max() ?? 1, 1), 1)
        return .stream(
            StreamBody { writer in
                for start in stride(from: 0, to: bricks.count, by: count) {
                    let end = min(start + count, bricks.count)
                    try await writer.write(
                        try await work.run { try packer.pack(bricks[start..<end], isLast: end == bricks.count) })
                }
            })
    }
}
