internal import CAllocator

/// How the process's memory is handed out, so that a service which works for months takes what it needs and no more.
package enum Allocator {
    /// To be called before there are threads.
    ///
    /// Large buffers are the system's, and go back to it when they are freed. Bricks of volumes stay in the heap, which is
    /// several times as fast; there is one heap instead of eight for each core, of which each would have its own gaps.
    package static func prepare() {
        mallopt(M_MMAP_THRESHOLD, 4 << 20)
        mallopt(M_TRIM_THRESHOLD, 16 << 20)
        mallopt(M_ARENA_MAX, 1)
    }

    /// Gives free pages of the heaps back to the system; takes some milliseconds.
    ///
    /// Bricks that are kept for a while lie between others that were not, whose room would stay the process's.
    static func giveBack() { malloc_trim(0) }
}
