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
        try forEach(where: { box.range($0.axis).contains($0.index) }) { try $0.paint(box, of: extent, into: bytes) }
    }

    /// A box of a coarser level, x fastest, a voxel of which stands for `factor` voxels along each axis.
    ///
    /// It has the first label that the latest slice through it has there.
    package func read(_ box: Box, factor: Extent) throws -> [UInt8] {
        var voxels = [UInt8](repeating: AnnotatedSlice.unlabeled, count: box.extent.voxels)
        let extent = header.extent
        try voxels.withUnsafeMutableBytes { bytes in
            try forEach(where: { box.range($0.axis).contains($0.index / factor[$0.axis]) }) {
                try $0.paint(box, of: extent, factor: factor, into: bytes)
            }
        }
        return voxels
    }

    /// Reads slices one after the other, oldest first.
    private func forEach(where isNeeded: (SlicePosition) -> Bool, _ body: (AnnotatedSlice) throws -> Void) throws {
        let needed = slices.filter { isNeeded($0.position) }
        guard !needed.isEmpty else { return }
        try store.readNow { database in
            let statement = try database.cachedStatement(sql: "SELECT labels FROM annotation WHERE revision = ?")
            for (revision, position) in needed {
                guard let labels = try Data.fetchOne(statement, arguments: [revision]) else {
                    throw StoreError.notFound("annotation with revision \(revision); the volume was deleted")
                }
                try body(AnnotatedSlice(at: position, unpacking: labels, in: header.extent))
            }
        }
    }
}

extension Store {
    /// The current slices, merged and read when needed; for threads that may block.
    package func labels(of volume: VolumeRecord) throws -> StoredLabels {
        try labels(of: volume, at: readNow { try Self.currentAnnotations($0, volume.id) })
    }

    /// Slices of given revisions, oldest first, merged and read when needed; for threads that may block.
    package func labels(of volume: VolumeRecord, at revisions: [AnnotationRecord]) throws -> StoredLabels {
        StoredLabels(self, of: volume.header, slices: revisions.map { ($0.revision, $0.position) })
    }

    /// The slice of a revision that did not clear it; for threads that may block.
    package func slice(of record: AnnotationRecord, in extent: Extent) throws -> AnnotatedSlice {
        try readNow { database in
            let labels = try Data.fetchOne(
                database, sql: "SELECT labels FROM annotation WHERE revision = ?", arguments: [record.revision])
            guard let labels else { throw StoreError.notFound("annotation with revision \(record.revision)") }
            return try AnnotatedSlice(at: record.position, unpacking: labels, in: extent)
        }
    }
}
