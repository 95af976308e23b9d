/// What ranks do with values that each of them has.
package enum RankExchange: Hashable, Sendable {
    /// Adds them up at one rank; those of the others stay what they are.
    case sum(at: Int)
    /// Replaces them all by those of one rank.
    case copy(from: Int)
}
