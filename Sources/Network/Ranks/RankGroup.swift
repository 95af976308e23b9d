/// The processes that train one network together, as MPI calls them: each computes the gradients of patches of its own.
///
/// All ranks must begin the same exchanges of as many values in the same order. Confined to one thread.
package protocol RankGroup: AnyObject {
    /// The number of this process, from 0.
    var rank: Int { get }

    /// The number of processes.
    var count: Int { get }

    /// Begins an exchange; nobody may write the values, or read those that are replaced, until it is finished.
    func begin(_ exchange: RankExchange, _ values: UnsafeMutableBufferPointer<Float>)

    /// Moves on what has begun, without waiting for other ranks.
    func advance()

    /// Waits until all that has begun is done.
    func finish()

    /// Leaves the group, once all ranks do; this is the last call.
    func leave()
}

extension RankGroup {
    /// Replaces the values by their sums over all ranks; every rank gets the same bits.
    package func sum(_ values: UnsafeMutableBufferPointer<Float>) {
        begin(.sum(at: 0), values)
        finish()
        begin(.copy(from: 0), values)
        finish()
    }

    /// The value that rank 0 has.
    package func first(_ value: Double) -> Double {
        // Sixteen bits at a time, whatever the bits of the whole mean as floats.
        var parts = (0..<4).map { Float((value.bitPattern >> ($0 * 16)) & 0xffff) }
        parts.withUnsafeMutableBufferPointer {
            begin(.copy(from: 0), $0)
            finish()
        }
        return Double(bitPattern: parts.reversed().reduce(0) { $0 << 16 | UInt64($1) })
    }

    /// The bytes that rank 0 has, which all ranks then have.
    package func first(_ bytes: [UInt8]) -> [UInt8] {
        let count = Int(first(Double(bytes.count)))
        // One in each float, whatever the bits of several mean as floats.
        var values = rank == 0 ? bytes.map { Float($0) } : [Float](repeating: 0, count: count)
        values.withUnsafeMutableBufferPointer {
            begin(.copy(from: 0), $0)
            finish()
        }
        return values.map { UInt8($0) }
    }

    /// Whether something is true of every rank; all ranks learn it.
    package func all(_ holds: Bool) -> Bool { total([holds ? 0 : 1]) == [0] }

    /// Whether every rank has this number; all ranks learn it.
    package func agree(on number: UInt64) -> Bool {
        // Eight bits at a time, whose sums over 65,536 ranks are exact. Unless all are equal, one differs from the mean.
        let mine = (0..<8).map { Float((number >> ($0 * 8)) & 0xff) }
        let differs = total(mine) != mine.map { $0 * Float(count) }
        return all(!differs)
    }

    private func total(_ values: [Float]) -> [Float] {
        var values = values
        values.withUnsafeMutableBufferPointer { sum($0) }
        return values
    }
}
