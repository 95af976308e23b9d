/// The processes that train one network together, as MPI calls them: each computes the gradients of patches of its own.
///
/// All ranks must make the same calls in the same order; each waits for the others. Confined to one thread.
package protocol RankGroup: AnyObject {
    /// The number of this process, from 0.
    var rank: Int { get }

    /// The number of processes.
    var count: Int { get }

    /// Replaces the values by their sums over all ranks; every rank gets the same bits.
    func sum(_ values: UnsafeMutableBufferPointer<Float>)

    /// The value that rank 0 has.
    func first(_ value: Double) -> Double
}

extension RankGroup {
    /// Whether every rank has this number; all ranks learn it.
    package func agree(on number: UInt64) -> Bool {
        // Eight bits at a time, whose sums over 65,536 ranks are exact. Unless all are equal, one differs from the mean.
        let mine = (0..<8).map { Float((number >> ($0 * 8)) & 0xff) }
        let differs = total(mine) != mine.map { $0 * Float(count) }
        return total([differs ? 1 : 0]) == [0]
    }

    private func total(_ values: [Float]) -> [Float] {
        var values = values
        values.withUnsafeMutableBufferPointer { sum($0) }
        return values
    }
}
