/// Where an operation reads weights or writes their gradient: in the network's own memory, or in the arena.
package enum WeightLocation {
    /// Must outlive the operation.
    case fixed(UnsafeMutablePointer<Float>)
    case planned(Buffer)

    var values: UnsafeMutablePointer<Float> {
        switch self {
        case .fixed(let pointer): pointer
        case .planned(let buffer): buffer.values
        }
    }

    var buffers: [Buffer] {
        switch self {
        case .fixed: []
        case .planned(let buffer): [buffer]
        }
    }
}
