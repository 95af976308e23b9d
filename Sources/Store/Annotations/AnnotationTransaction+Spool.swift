internal import Foundation
internal import GRDB
internal import Volumes

extension AnnotationTransaction {
    /// Bytes of new slices that are compared with the current ones at a time.
    private static let batch = 32 << 20

    /// A slice that others are compared with: one that is not replaced, or an earlier one of the same call.
    private struct Standing {
        let position: SlicePosition
        let revision: Int64
    }

    /// Stores the revisions of one call in order; counts for each the voxels that differ from a crossing slice that is
    /// not among them, or that is restored before it.
    ///
    /// Those that are not restored are planes of one volume, and agree where they cross.
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
        var standing = try standing(beside: Set(positions))
        let size = max(Self.batch / max(positions.map { $0.voxels(in: extent) }.max() ?? 1, 1), 1)
        var change: Int64?
        return try stride(from: 0, to: positions.count, by: size).flatMap { start in
            let part = revisions[start..<min(start + size, positions.count)]
            let labels = try part.map { try $0.isCleared ? nil : $0.labels() }
            let restored = part.map { $0.restored != nil }
            let conflicts = try conflicts(
                Array(zip(part.map(\.position), labels)), with: standing, restored: restored)
            let stored = try zip(part, zip(labels, conflicts)).map { revision, stored in
                let record = try NewRevision.insert(
                    database, volume: volume, revision.position, author: author, restored: revision.restored,
                    change: change, labels: stored.0, counts: revision.isCleared ? [:] : revision.counts)
                if change == nil { change = record.revision }
                return (record: record, conflicts: stored.1)
            }
            standing += zip(restored, stored).filter { $0.0 && !$0.1.record.cleared }.map {
                Standing(position: $0.1.record.position, revision: $0.1.record.revision)
            }
            return stored
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
        _ packed: [(position: SlicePosition, labels: [UInt8]?)], with standing: [Standing], restored: [Bool]
    ) throws -> [Int] {
        let crossing = standing.filter { other in packed.contains { $0.position.axis != other.position.axis } }
        guard !crossing.isEmpty || restored.contains(true) else { return packed.map { _ in 0 } }
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
        for later in slices.indices where restored[later] {
            for earlier in 0..<later where restored[earlier] {
                guard let opposed = slices[earlier], opposed.axis != packed[later].position.axis else { continue }
                slices[later]?.markConflicts(with: opposed, in: extent, &marks[later])
            }
        }
        return marks.map { $0.count { $0 } }
    }
}
