/// A range of floats in an arena, and the first and last step of the plan that use it.
package final class Buffer {
    let count: Int
    private var first = Int.max
    private var last = Int.min
    /// Its offset from the start of the arena, in floats.
    var offset = 0
    private var base: UnsafeMutablePointer<Float>?

    init(count: Int) { self.count = count }

    /// Records that a step of the plan reads or writes it.
    package func touch(_ step: Int) {
        first = min(first, step)
        last = max(last, step)
    }

    /// Records that it is in use in all steps and between runs, as inputs and results are.
    package func keep() {
        first = .min
        last = .max
    }

    /// The values; only after the arena has been allocated.
    package var values: UnsafeMutablePointer<Float> {
        guard let base else { preconditionFailure("the arena of this buffer is not allocated") }
        return base
    }

    /// Its size in floats, rounded up to whole cache lines, plus one line between neighbours.
    var rounded: Int { (count + 15) / 16 * 16 + 16 }

    /// Whether both are in use at the same time.
    func meets(_ other: Buffer) -> Bool { first <= other.last && other.first <= last }

    func place(in block: UnsafeMutableRawPointer) {
        base = (block + offset * MemoryLayout<Float>.stride).assumingMemoryBound(to: Float.self)
    }
}
