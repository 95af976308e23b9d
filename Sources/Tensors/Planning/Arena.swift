internal import Glibc

/// One block of memory that holds every buffer of a plan; buffers that are not needed at the same time share it.
///
/// First `reserve` buffers, then `touch` each with the steps that use it, then `allocate` once; no change after that.
package final class Arena {
    private var buffers: [Buffer] = []
    private var memory: UnsafeMutableRawPointer?
    /// Bytes of the block.
    package private(set) var byteCount = 0

    private static let pageSize = 2 << 20

    package init() {}

    deinit { memory?.deallocate() }

    /// A buffer of floats, which has memory after `allocate`.
    package func reserve(_ count: Int) -> Buffer {
        let buffer = Buffer(count: max(count, 1))
        buffers.append(buffer)
        return buffer
    }

    /// Places the buffers, largest first, each at the lowest offset that no buffer in use at the same time overlaps;
    /// fills them with zeros.
    package func allocate() {
        var placed: [Buffer] = []
        var top = 0
        for buffer in buffers.sorted(by: { $0.count > $1.count }) {
            let rivals = placed.filter { $0.meets(buffer) }.sorted { $0.offset < $1.offset }
            var offset = 0
            for rival in rivals where rival.offset < offset + buffer.rounded {
                offset = max(offset, rival.offset + rival.rounded)
            }
            buffer.offset = offset
            top = max(top, offset + buffer.rounded)
            placed.append(buffer)
        }
        byteCount = top * MemoryLayout<Float>.stride
        let block = UnsafeMutableRawPointer.allocate(byteCount: max(byteCount, 64), alignment: Self.pageSize)
        // Huge pages avoid TLB misses; without them it still works.
        _ = madvise(block, byteCount, MADV_HUGEPAGE)
        block.initializeMemory(as: Float.self, repeating: 0, count: top)
        for buffer in buffers { buffer.place(in: block) }
        memory = block
    }
}
