internal import Foundation
internal import GRDB
package import Volumes

/// The current annotations of a volume, merged; where slices cross and differ, the later one wins.
///
/// The revisions are fixed when it is made; slices are read one at a time when a box needs them, and not kept.
package struct StoredLabels: VoxelSource {
    package let header: VolumeHeader
    private let store: Store
    /// Oldest first; a revision never changes.
    private let slices: [(revision: Int64, position: SlicePosition)]

    init(_ store: Store, of volume: VolumeHeader, slices: [(revision: Int64, position: SlicePosition)]) {
        self.store = store
        self.slices = slices
        header = volume.with(element: .uint8)
    }

    package func read(_ box: Box, channel: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
        bytes.initializeMemory(as: UInt8.self, repeating: AnnotatedSlice.unlabeled)
        let extent = header.extent
        let needed = slices.filter { box.range($0.position.axis).contains($0.position.index) }
        guard !needed.isEmpty else { return }
        try store.readNow { database in
            let statement = try database.cachedStatement(sql: "SELECT labels FROM annotation WHERE revision = ?")
            for (revision, position) in needed {
                guard let labels = try Data.fetchOne(statement, arguments: [revision]) else {
                    throw StoreError.notFound("annotation with revision \(revision); the volume was deleted")
                }
                try AnnotatedSlice(at: position, unpacking: labels, in: extent).paint(box, of: extent, into: bytes)
            }
        }
    }
}

extension Store {
    /// The current slices, merged and read when needed; for threads that may block.
    package func labels(of volume: VolumeRecord) throws -> StoredLabels {
        let slices = try readNow { database in
            try Row.fetchAll(
                database,
                sql: "SELECT revision, axis, slice FROM current_annotation WHERE volume = ? ORDER BY revision",
                arguments: [volume.id]
            ).map { (revision: $0["revision"] as Int64, position: try SlicePosition(row: $0)) }
        }
        return StoredLabels(self, of: volume.header, slices: slices)
    }
}
