internal import Foundation
internal import GRDB
internal import Volumes

extension AnnotationTransaction {
    /// Stores the revisions of one call in order.
    ///
    /// Those that are not restored are planes of one volume, and agree where they cross.
    func store(
        _ counted: CountedRevisions, author: String?
    ) throws -> [(record: AnnotationRecord, conflicts: Int)] {
        for revision in counted.revisions {
            try check(revision.position)
            guard let unknownValue = revision.counts.keys.first(where: { !classes.takes($0) }) else { continue }
            if let restored = revision.restored { throw conflict(unknownValue, inRestored: restored) }
            throw StoreError.constraint(
                "the value \(unknownValue) in \(revision.position) is not a class; \(legend)")
        }
        var change: Int64?
        return try zip(counted.revisions, counted.conflicts).map { revision, conflicts in
            let record = try NewRevision.insert(
                database, volume: volume, revision.position, author: author, restored: revision.restored,
                change: change, labels: revision.isCleared ? nil : revision.labels(database),
                counts: revision.isCleared ? [:] : revision.counts)
            if change == nil { change = record.revision }
            return (record: record, conflicts: conflicts)
        }
    }

    /// The slices of a file as revisions; those in which nothing is labelled clear theirs.
    func revisions(of spooled: SpooledSlices) throws -> [PackedRevision] {
        guard spooled.extent == extent else {
            throw StoreError.conflict("the volume was replaced by one of another size during the upload")
        }
        return spooled.entries.map { entry in
            PackedRevision(position: entry.position, counts: entry.counts) { _ in
                do {
                    return try spooled.packed(entry)
                } catch {
                    throw StoreError.failed("\(error)")
                }
            }
        }
    }

    /// Counts the conflicts of all revisions of a call with the slices as this transaction sees them.
    func conflicts(of revisions: [PackedRevision], unpacked: UnpackedSlices, most: Int) throws -> [Int] {
        let positions = revisions.map(\.position)
        return try PackedRevision.parts(of: positions, in: extent, most: most).flatMap { part in
            var crossing = CrossingPlanes(of: Set(positions[part]), in: extent, without: Set(positions))
            let rows = try Row.fetchCursor(
                database, sql: "SELECT axis, slice, revision, labels FROM current_annotation WHERE volume = ?",
                arguments: [volume])
            while let row = try rows.next() {
                let position = try SlicePosition(row: row)
                guard crossing.areCrossed(by: position) else { continue }
                let slice = try unpacked.slice(at: position, unpacking: row["labels"], in: extent)
                put(slice, at: position, revision: row["revision"], into: &crossing)
            }
            return try conflicts(of: part, in: revisions, crossing: crossing)
        }
    }

    /// Counts the conflicts of some of the revisions of a call; `crossing` is what the slices say that are not among them
    /// all.
    func conflicts(
        of part: Range<Int>, in revisions: [PackedRevision], crossing: CrossingPlanes
    ) throws -> [Int] {
        var crossing = crossing
        for earlier in revisions[..<part.lowerBound] where earlier.restored != nil && !earlier.isCleared {
            guard revisions[part].contains(where: { $0.position.axis != earlier.position.axis }) else { continue }
            let slice = try slice(at: earlier.position, unpacking: earlier.labels(database))
            put(slice, at: earlier.position, revision: 0, into: &crossing)
        }
        return try revisions[part].map { revision in
            guard !revision.isCleared, !crossing.areEmpty || revision.restored != nil else { return 0 }
            let slice = try slice(at: revision.position, unpacking: revision.labels(database))
            defer { if revision.restored != nil { put(slice, at: revision.position, revision: 0, into: &crossing) } }
            return crossing.conflicts(of: slice)
        }
    }
}
