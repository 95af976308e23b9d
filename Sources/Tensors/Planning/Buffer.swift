/// A range of floats in an arena, and the first and last step of the plan that use it.
package final class Buffer {
    /// The number of floats.
    package let count: Int
    /// The offset that it must have; nil if any will do.
    let place: Int?
    /// The first and the last step that use it.
    private(set) var first = Int.max
    private var last = Int.min
    /// Its offset from the start of the arena, in floats.
    private var offset = 0
    private var memory: ArenaMemory?

    init(count: Int, at place: Int? = nil) {
        self.count = count
        self.place = place
    }

    /// Records that a step of the plan reads or writes it.
    package func touch(_ step: Int) {
        first = min(first, step)
        last = max(last, step)
    }

    /// Records that it is in use in all steps and between runs of the plan, as inputs and results are.
    package func keep() {
        first = .min
        last = .max
    }

    /// Records that it is in use from the first step that uses it on, as what a run leaves behind is; if there is none,
    /// in all steps.
    package func keepOn() {
        if !isTouched { first = .min }
        last = .max
    }

    /// The values, which move with the arena's memory; only after the arena has been allocated.
    package var values: UnsafeMutablePointer<Float> {
        guard let memory else { preconditionFailure("the arena of this buffer is not allocated") }
        return memory.start + offset
    }

    /// Its size in floats, rounded up to whole cache lines, plus one line between neighbours, unless its place is given.
    var rounded: Int { place == nil ? (count + 15) / 16 * 16 + 16 : count }

    /// Whether both are in use at the same time.
    func meets(_ other: Buffer) -> Bool { first <= other.last && other.first <= last }

    func isInUse(at step: Int) -> Bool { first <= step && step <= last }

    /// Whether a step of the plan reads or writes it.
    package var isTouched: Bool { first <= last }

    func place(at offset: Int, in memory: ArenaMemory) {
        self.offset = offset
        self.memory = memory
    }
}
