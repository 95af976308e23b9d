/// Where an operation reads weights or writes their gradient: in the network's own memory, or in the arena.
package enum WeightLocation {
    /// Must outlive the operation.
    case fixed(UnsafeMutablePointer<Float>)
    /// From an index of the buffer on.
    case planned(Buffer, from: Int = 0)

    /// The location so many values further on.
    package func advanced(by count: Int) -> WeightLocation {
        switch self {
        case .fixed(let pointer): .fixed(pointer + count)
        case .planned(let buffer, let start): .planned(buffer, from: start + count)
        }
    }

    var values: UnsafeMutablePointer<Float> {
        switch self {
        case .fixed(let pointer): pointer
        case .planned(let buffer, let start): buffer.values + start
        }
    }

    var buffers: [Buffer] {
        switch self {
        case .fixed: []
        case .planned(let buffer, _): [buffer]
        }
    }
}
