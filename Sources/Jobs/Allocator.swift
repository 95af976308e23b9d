internal import CAllocator

/// How the process's memory is handed out, so that a service which works for months takes what it needs and no more.
package enum Allocator {
    /// To be called before there are threads.
    ///
    /// Large buffers are the system's, and go back to it when they are freed; there are at most four heaps instead of
    /// eight for each core. Bricks of volumes stay in the heaps, which is several times as fast.
    package static func prepare() {
        mallopt(M_MMAP_THRESHOLD, 4 << 20)
        mallopt(M_TRIM_THRESHOLD, 64 << 20)
        mallopt(M_ARENA_MAX, 4)
    }

    /// Gives free pages of the heaps back to the system; takes some milliseconds.
    ///
    /// Bricks that are kept for long lie between others that were not: without this a prediction takes ever more.
    static func giveBack() { malloc_trim(0) }
}
