/// A set of planes of a volume, on any axis.
struct PlaneSet {
    /// By axis (z, y, x) and index.
    private(set) var flags: [[Bool]]

    init(of extent: Extent, _ positions: some Sequence<SlicePosition> = []) {
        flags = Axis.allCases.map { [Bool](repeating: false, count: extent[$0]) }
        for position in positions { insert(position) }
    }

    mutating func insert(_ position: SlicePosition) { flags[position.axis.place][position.index] = true }

    func contains(_ position: SlicePosition) -> Bool { flags[position.axis.place][position.index] }

    /// In the order z, y, x.
    var positions: [SlicePosition] {
        Axis.allCases.flatMap { axis in
            flags[axis.place].indices.filter { flags[axis.place][$0] }.map { SlicePosition(axis, $0) }
        }
    }
}

extension Axis {
    /// Its place in the order z, y, x.
    var place: Int {
        switch self {
        case .z: 0
        case .y: 1
        case .x: 2
        }
    }
}
