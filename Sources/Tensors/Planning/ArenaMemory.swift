internal import Glibc

/// A block of memory for arenas that are used in turn: as large as the largest of them needs.
///
/// An arena finds there what the one used before it has left.
package final class ArenaMemory {
    private var block: UnsafeMutableRawPointer?
    private var count = 0

    private static let pageSize = 2 << 20

    package init() {}

    deinit { block?.deallocate() }

    /// Bytes of the block.
    package var byteCount: Int { count * MemoryLayout<Float>.stride }

    /// The first value, which moves when the block grows; only after an arena has been allocated here.
    var start: UnsafeMutablePointer<Float> {
        guard let block else { preconditionFailure("no arena is allocated in this memory") }
        return block.assumingMemoryBound(to: Float.self)
    }

    /// All values.
    package var values: UnsafeMutableBufferPointer<Float> { UnsafeMutableBufferPointer(start: start, count: count) }

    /// Makes room for so many values, a multiple of 16; if the block has to grow, what it held is lost.
    func grow(to wanted: Int) {
        guard block == nil || wanted > count else { return }
        block?.deallocate()
        count = wanted
        let made = UnsafeMutableRawPointer.allocate(byteCount: max(byteCount, 64), alignment: Self.pageSize)
        // Huge pages avoid TLB misses; without them it still works.
        _ = madvise(made, byteCount, MADV_HUGEPAGE)
        made.initializeMemory(as: Float.self, repeating: 0, count: count)
        block = made
    }
}
