internal import Foundation
internal import GRDB
internal import Volumes

extension AnnotationTransaction {
    /// Bytes of new slices that are compared with the current ones at a time.
    private static let batch = 32 << 20

    /// A current slice that is not replaced.
    private struct Standing {
        let position: SlicePosition
        let revision: Int64
    }

    /// Stores the revisions of one call in order; counts for each the voxels that differ from a crossing slice that is
    /// not among them.
    ///
    /// Their slices agree where they cross.
    func store(
        _ revisions: [PackedRevision], author: String?
    ) throws -> [(record: AnnotationRecord, conflicts: Int)] {
        for revision in revisions {
            try check(revision.position)
            guard let unknownValue = revision.counts.keys.first(where: { !classes.takes($0) }) else { continue }
            if let restored = revision.restored { throw conflict(unknownValue, inRestored: restored) }
            throw StoreError.constraint(
                "the value \(unknownValue) in \(revision.position) is not a class; \(legend)")
        }
        let positions = revisions.map(\.position)
        let standing = try standing(beside: Set(positions))
        let size = max(Self.batch / max(positions.map { $0.voxels(in: extent) }.max() ?? 1, 1), 1)
        var change: Int64?
        return try stride(from: 0, to: positions.count, by: size).flatMap { start in
            let part = revisions[start..<min(start + size, positions.count)]
            let labels = try part.map { try $0.isCleared ? nil : $0.labels() }
            let conflicts = try conflicts(Array(zip(part.map(\.position), labels)), with: standing)
            return try zip(part, zip(labels, conflicts)).map { revision, stored in
                let record = try NewRevision.insert(
                    database, volume: volume, revision.position, author: author, restored: revision.restored,
                    change: change, labels: stored.0, counts: revision.isCleared ? [:] : revision.counts)
                if change == nil { change = record.revision }
                return (record: record, conflicts: stored.1)
            }
        }
    }

    /// The slices of a file as revisions; those in which nothing is labelled clear theirs.
    func revisions(of spooled: SpooledSlices) throws -> [PackedRevision] {
        guard spooled.extent == extent else {
            throw StoreError.conflict("the volume was replaced by one of another size during the upload")
        }
        return spooled.entries.map { entry in
            PackedRevision(position: entry.position, counts: entry.counts) {
                do {
                    return try spooled.packed(entry)
                } catch {
                    throw StoreError.failed("\(error)")
                }
            }
        }
    }

    /// The current slices that the new ones do not replace.
    private func standing(beside positions: Set<SlicePosition>) throws -> [Standing] {
        try Row.fetchAll(
            database, sql: "SELECT axis, slice, revision FROM current_annotation WHERE volume = ?", arguments: [volume]
        ).compactMap { row in
            let position = try SlicePosition(row: row)
            return positions.contains(position) ? nil : Standing(position: position, revision: row["revision"])
        }
    }

    /// For each packed slice, marks the labelled voxels that differ from a label of a crossing slice.
    private func conflicts(
        _ packed: [(position: SlicePosition, labels: [UInt8]?)], with standing: [Standing]
    ) throws -> [Int] {
        let crossing = standing.filter { other in packed.contains { $0.position.axis != other.position.axis } }
        guard !crossing.isEmpty else { return packed.map { _ in 0 } }
        let slices = try packed.map { position, labels in try labels.map { try slice(at: position, unpacking: $0) } }
        var marks = slices.map { [Bool](repeating: false, count: $0?.values.count ?? 0) }
        for other in crossing {
            let labels = try Data.fetchOne(
                database, sql: "SELECT labels FROM annotation WHERE revision = ?", arguments: [other.revision])
            guard let labels else { continue }
            let opposed = try slice(at: other.position, unpacking: labels)
            for place in slices.indices {
                slices[place]?.markConflicts(with: opposed, in: extent, &marks[place])
            }
        }
        return marks.map { $0.count { $0 } }
    }
}
