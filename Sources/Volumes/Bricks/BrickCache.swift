/// Unpacked bricks up to a number of bytes; the least recently used is dropped first.
struct BrickCache {
    struct Key: Hashable {
        let channel: Int
        let brick: BrickIndex
    }

    private struct Entry {
        let bytes: [UInt8]
        var used: Int
    }

    private let limit: Int
    private var held = 0
    private var clock = 0
    private var entries: [Key: Entry] = [:]

    init(limit: Int) { self.limit = limit }

    mutating func value(of key: Key) -> [UInt8]? {
        clock += 1
        entries[key]?.used = clock
        return entries[key]?.bytes
    }

    /// Keeps a brick, unless it alone is larger than the limit.
    mutating func insert(_ bytes: [UInt8], for key: Key) {
        guard bytes.count <= limit, entries[key] == nil else { return }
        while held + bytes.count > limit, let oldest = entries.min(by: { $0.value.used < $1.value.used }) {
            held -= oldest.value.bytes.count
            entries[oldest.key] = nil
        }
        clock += 1
        held += bytes.count
        entries[key] = Entry(bytes: bytes, used: clock)
    }
}
