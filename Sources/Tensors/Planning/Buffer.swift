/// A run of floats in an arena, and the steps of the plan between which it holds something.
package final class Buffer {
    let count: Int
    private var first = Int.max
    private var last = Int.min
    /// Floats from the start of the arena.
    var offset = 0
    private var base: UnsafeMutablePointer<Float>?

    init(count: Int) { self.count = count }

    /// Says that a step of the plan reads or writes it.
    package func touch(_ step: Int) {
        first = min(first, step)
        last = max(last, step)
    }

    /// Says that it is needed always: inputs, results, what outlives a run.
    package func keep() {
        first = .min
        last = .max
    }

    /// The values; only after the arena was allocated.
    package var values: UnsafeMutablePointer<Float> {
        guard let base else { preconditionFailure("the arena of this buffer is not allocated") }
        return base
    }

    /// Its size in whole cache lines, with one between neighbours.
    var rounded: Int { (count + 15) / 16 * 16 + 16 }

    /// Whether both hold something at one time.
    func meets(_ other: Buffer) -> Bool { first <= other.last && other.first <= last }

    func place(in block: UnsafeMutableRawPointer) {
        base = (block + offset * MemoryLayout<Float>.stride).assumingMemoryBound(to: Float.self)
    }
}
