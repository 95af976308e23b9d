internal import Volumes

/// Confusion matrices over all voxels, by axis, and by distance from the annotated slices.
struct Tally {
    /// Ranges of distances in voxels: 0–1, 2, 3–4, 5–8, 9–16 and beyond.
    static let rings: [(from: Int, to: Int?)] = [(0, 1), (2, 2), (3, 4), (5, 8), (9, 16), (17, nil)]

    var all: ConfusionMatrix
    var byAxis: [Axis: ConfusionMatrix]
    var byDistance: [ConfusionMatrix]

    init(classes: Int) {
        all = ConfusionMatrix(classes: classes)
        byAxis = Dictionary(uniqueKeysWithValues: Axis.allCases.map { ($0, ConfusionMatrix(classes: classes)) })
        byDistance = Tally.rings.map { _ in ConfusionMatrix(classes: classes) }
    }

    /// The index of the ring of a distance.
    static func ring(_ distance: Int) -> Int {
        switch distance {
        case ...1: 0
        case 2: 1
        case ...4: 2
        case ...8: 3
        case ...16: 4
        default: 5
        }
    }
}

/// How far each index of each axis is from the nearest annotated slice on that axis.
struct SliceDistances {
    private let tables: [[Int]]
    /// Whether there are no slices.
    let isEmpty: Bool

    init(_ slices: [AnnotatedSlice], extent: Extent) {
        isEmpty = slices.isEmpty
        tables = Axis.allCases.map { axis in
            let marks = slices.filter { $0.axis == axis }.map(\.index)
            return (0..<extent[axis]).map { index in marks.map { abs($0 - index) }.min() ?? Int.max }
        }
    }

    /// The distance of a voxel from the nearest slice, along its normal, and that slice's axis.
    @inline(__always)
    func nearest(_ z: Int, _ y: Int, _ x: Int) -> (distance: Int, axis: Axis) {
        let (first, second, third) = (tables[0][z], tables[1][y], tables[2][x])
        if first <= second, first <= third { return (first, .z) }
        return second <= third ? (second, .y) : (third, .x)
    }
}
