/// The memory of all buffers of a plan; buffers that are not needed at the same time share it.
///
/// First `reserve` buffers, then `touch` each with the steps that use it, then `allocate` once; no change after that.
/// Plans that are run in turn may have arenas in the same memory: what one holds is then gone once another one is
/// used.
package final class Arena {
    let memory: ArenaMemory
    private var buffers: [Buffer] = []
    /// Bytes that the buffers take.
    package private(set) var byteCount = 0

    package init(in memory: ArenaMemory = ArenaMemory()) { self.memory = memory }

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

    /// The first value of the arena; it moves when the memory grows.
    package var start: UnsafeMutablePointer<Float> { memory.start }

    /// Places the buffers, whose values are undefined until a step writes them.
    package func allocate() {
        let placement = Placement(of: buffers)
        let top = buffers.isEmpty ? 0 : (placement.top + 15) / 16 * 16
        byteCount = top * MemoryLayout<Float>.stride
        memory.grow(to: top)
        for (buffer, offset) in zip(buffers, placement.offsets) { buffer.place(at: offset, in: memory) }
    }
}
