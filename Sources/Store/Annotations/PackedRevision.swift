internal import Volumes

/// One of several revisions of a call, whose labels are read when they are stored.
struct PackedRevision {
    let position: SlicePosition
    /// Voxels by value; without one that is labelled the revision clears its slice.
    let counts: [Int: Int]
    /// The revision that this one brings back.
    var restored: Int64?
    /// The values as `BrickCodec` packs them.
    let labels: () throws -> [UInt8]

    init(
        position: SlicePosition, counts: [Int: Int], restored: Int64? = nil, labels: @escaping () throws -> [UInt8]
    ) {
        self.position = position
        self.counts = counts
        self.restored = restored
        self.labels = labels
    }

    var isCleared: Bool { counts.keys.allSatisfy { $0 == Int(AnnotatedSlice.unlabeled) } }
}
