/// Double-precision scratch of a reduction: the totals and each thread's partial sums.
final class Accumulator {
    let totals: UnsafeMutablePointer<Double>
    let partial: UnsafeMutablePointer<Double>
    private let count: Int

    init(count: Int, engine: Engine) {
        self.count = count
        totals = .allocate(capacity: count)
        totals.initialize(repeating: 0, count: count)
        partial = .allocate(capacity: count * engine.parts)
        partial.initialize(repeating: 0, count: count * engine.parts)
    }

    deinit {
        totals.deallocate()
        partial.deallocate()
    }

    func clear() { totals.update(repeating: 0, count: count) }
}
