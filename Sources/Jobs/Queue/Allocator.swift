internal import CAllocator

/// Settings of the memory allocator that keep a service running for months from using more than it needs.
package enum Allocator {
    /// Must be called before any thread is started.
    ///
    /// Large buffers are mapped, so they return to the system when freed. Bricks of volumes stay in the heap, which is
    /// several times as fast; there is one heap instead of eight per core, each of which would be fragmented.
    package static func prepare() {
        mallopt(M_MMAP_THRESHOLD, 4 << 20)
        mallopt(M_TRIM_THRESHOLD, 16 << 20)
        mallopt(M_ARENA_MAX, 1)
    }

    /// Returns free pages of the heap to the system; takes some milliseconds.
    ///
    /// Cached bricks lie between freed ones, whose memory would otherwise stay with the process.
    static func releaseFreeMemory() { malloc_trim(0) }
}
