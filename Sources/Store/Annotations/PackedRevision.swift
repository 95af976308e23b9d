internal import GRDB
internal import Volumes

/// One of several revisions of a call, whose labels are read when they are needed.
struct PackedRevision: Sendable {
    let position: SlicePosition
    /// Voxels by value; without one that is labelled the revision clears its slice.
    let counts: [Int: Int]
    /// The revision that this one brings back.
    var restored: Int64?
    /// The values as `BrickCodec` packs them.
    let labels: @Sendable (Database) throws -> [UInt8]

    init(
        position: SlicePosition, counts: [Int: Int], restored: Int64? = nil,
        labels: @escaping @Sendable (Database) throws -> [UInt8]
    ) {
        self.position = position
        self.counts = counts
        self.restored = restored
        self.labels = labels
    }

    /// One that clears its slice.
    init(clearing position: SlicePosition, restored: Int64? = nil) {
        self.init(position: position, counts: [:], restored: restored) { _ in [] }
    }

    var isCleared: Bool { counts.keys.allSatisfy { $0 == Int(AnnotatedSlice.unlabeled) } }
}
