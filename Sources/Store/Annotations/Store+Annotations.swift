internal import Foundation
internal import GRDB
package import Volumes

extension Store {
    /// Refuses a change, by throwing, for what the volume is when it is made.
    package typealias VolumeDemand = @Sendable (VolumeRecord) throws -> Void

    /// Stores revisions of slices, all or none, in the order given.
    ///
    /// A region is merged over the current slice. `conflicts` counts the labelled voxels of the resulting slice that
    /// differ from a label of a slice crossing it, in its last revision before this one. With `ifRevision` (0: not
    /// annotated) it is a conflict if the current revision of any posted slice is another one.
    package func postAnnotations(
        volume: Int64, _ annotations: [NewAnnotation], ifRevision: Int64? = nil, demand: VolumeDemand? = nil
    ) async throws -> [(record: AnnotationRecord, conflicts: Int)] {
        let crossings = crossings
        let crossing = try await crossings.planes(of: Set(annotations.map(\.position)), in: volume)
        return try await writeShared { database in
            let annotated = try AnnotationTransaction(database, volume: volume)
            try annotated.heed(demand)
            return try annotated.store(
                try annotated.revisions(annotations, ifRevision: ifRevision), crossing: crossing,
                unpacked: crossings.unpacked)
        }
    }

    /// Clears the annotation of a slice with a new revision; `notFound` if there is none.
    package func clear(
        volume: Int64, at position: SlicePosition, author: String? = nil, ifRevision: Int64? = nil,
        demand: VolumeDemand? = nil
    ) async throws -> AnnotationRecord {
        try await writeShared { database in
            let annotated = try AnnotationTransaction(database, volume: volume)
            try annotated.heed(demand)
            try annotated.check(position)
            try annotated.check(position, isAt: ifRevision)
            guard try annotated.current(position)?.slice != nil else {
                throw StoreError.notFound("annotation of \(position)")
            }
            return try NewRevision(at: position, nil, author: author).insert(database, volume: volume)
        }
    }

    /// Says what a slice is for, as a new revision with the same labels unless it is that already.
    ///
    /// Throws `notFound` if it is not annotated. Newer slices that differ from it where they cross are made anew, too,
    /// and stay newer.
    package func setRole(
        volume: Int64, at position: SlicePosition, _ role: AnnotationRole, author: String? = nil,
        ifRevision: Int64? = nil, demand: VolumeDemand? = nil
    ) async throws -> AnnotationRecord {
        let most = options.comparedBytes
        return try await change(annotationsOf: volume, isShared: true) {
            try await read { database in
                let annotated = try AnnotationTransaction(database, volume: volume)
                return (try annotated.roleChange(at: position, to: role, ifRevision, most: most), try annotated.state())
            }
        } make: { annotated, found in
            try annotated.heed(demand)
            return try annotated.store(
                try found ?? annotated.roleChange(at: position, to: role, ifRevision, most: most), author: author)
        }
    }

    /// Restores an earlier revision of a slice as a new one; that revision may be a clearing.
    package func restore(
        volume: Int64, at position: SlicePosition, revision: Int64, author: String? = nil, ifRevision: Int64? = nil,
        demand: VolumeDemand? = nil
    ) async throws -> (record: AnnotationRecord, conflicts: Int) {
        let crossings = crossings
        let crossing = try await crossings.planes(of: [position], in: volume)
        return try await writeShared { database in
            let annotated = try AnnotationTransaction(database, volume: volume)
            try annotated.heed(demand)
            try annotated.check(position)
            try annotated.check(position, isAt: ifRevision)
            let row = try Row.fetchOne(
                database,
                sql: "SELECT labels FROM annotation WHERE volume = ? AND axis = ? AND slice = ? AND revision = ?",
                arguments: [volume, position.axis.rawValue, position.index, revision])
            guard let row else { throw StoreError.notFound("revision \(revision) of \(position)") }
            let labels: Data? = row[0]
            let slice = try labels.map { try annotated.slice(at: position, unpacking: $0) }
            if let unknownValue = annotated.unknownValue(in: slice?.values ?? []) {
                throw annotated.conflict(Int(unknownValue.value), inRestored: revision)
            }
            let revision = NewRevision(at: position, slice, author: author, restored: revision)
            let all = try annotated.store([revision], crossing: crossing, unpacked: crossings.unpacked)
            guard let stored = all.first else {
                throw StoreError.failed("the revision just stored can't be read")
            }
            return stored
        }
    }

    /// The current revision of each annotated slice, oldest first; cleared slices are left out.
    package func currentAnnotations(volume: Int64) async throws -> [AnnotationRecord] {
        try await read { try Self.currentAnnotations($0, volume) }
    }

    /// The annotation of a slice, rows × columns values, as it is or as an earlier revision left it; `notFound` if
    /// there is none or it was cleared.
    package func annotation(
        volume: Int64, at position: SlicePosition, revision: Int64? = nil
    ) async throws -> (record: AnnotationRecord, values: [UInt8]) {
        try await read { database in
            let annotated = try AnnotationTransaction(database, volume: volume)
            try annotated.check(position)
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT \(AnnotationRecord.columns), labels
                    FROM \(revision == nil ? "current_annotation" : "annotation")
                    WHERE volume = ? AND axis = ? AND slice = ? AND revision = coalesce(?, revision)
                    """, arguments: [volume, position.axis.rawValue, position.index, revision])
            guard let row else {
                throw StoreError.notFound(
                    revision.map { "revision \($0) of \(position)" } ?? "annotation of \(position)")
            }
            let record = try AnnotationRecord(row: row)
            guard let labels: Data = row["labels"] else {
                throw StoreError.notFound("annotation in \(record.signature) of \(position), which cleared it")
            }
            return (record, try annotated.slice(at: position, unpacking: labels).values)
        }
    }

    /// Every revision of a slice, oldest first; empty if there is none.
    package func history(volume: Int64, at position: SlicePosition) async throws -> [AnnotationRecord] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT \(AnnotationRecord.columns) FROM annotation WHERE volume = ? AND axis = ? AND slice = ?
                    ORDER BY revision
                    """, arguments: [volume, position.axis.rawValue, position.index]
            ).map(AnnotationRecord.init(row:))
        }
    }
}
