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

    /// A buffer at an offset from the arena's start, in floats; buffers reserved so must not overlap.
    package func reserve(_ count: Int, at place: Int) -> Buffer {
        let buffer = Buffer(count: count, at: place)
        buffers.append(buffer)
        return buffer
    }

    /// Places the buffers and fills them with zeros.
    package func allocate() {
        let placement = Placement(of: buffers)
        for (buffer, offset) in zip(buffers, placement.offsets) { buffer.offset = offset }
        let top = buffers.isEmpty ? 0 : (placement.top + 15) / 16 * 16
        byteCount = top * MemoryLayout<Float>.stride
        let block = UnsafeMutableRawPointer.allocate(byteCount: max(byteCount, 64), alignment: Self.pageSize)
        // Huge pages avoid TLB misses; without them it still works.
        _ = madvise(block, byteCount, MADV_HUGEPAGE)
        block.initializeMemory(as: Float.self, repeating: 0, count: top)
        for buffer in buffers { buffer.place(in: block) }
        memory = block
    }
}
