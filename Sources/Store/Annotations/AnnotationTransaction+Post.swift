internal import Foundation
internal import GRDB
internal import Volumes

extension AnnotationTransaction {
    /// Stores revisions in order; counts for each the voxels where a crossing slice, as it is then, has another label.
    ///
    /// `crossing` is what was known of those slices before this transaction; `unpacked` spares it work.
    func store(
        _ revisions: [NewRevision], crossing: CrossingPlanes, unpacked: UnpackedSlices
    ) throws -> [(record: AnnotationRecord, conflicts: Int)] {
        var crossing = crossing
        if crossing.extent != extent {
            // The volume was replaced, which only one that had no slice can be.
            crossing = CrossingPlanes(
                of: Set(revisions.map(\.position)), in: extent, revision: crossing.revision)
        }
        try update(&crossing, unpacked)
        return try revisions.map { revision in
            let conflicts = revision.slice.map { crossing.conflicts(of: $0) } ?? 0
            let record = try revision.insert(database, volume: volume)
            put(revision.slice, at: revision.position, revision: record.revision, into: &crossing)
            return (record: record, conflicts: conflicts)
        }
    }

    /// Puts in what has been stored since the planes were read.
    private func update(_ crossing: inout CrossingPlanes, _ unpacked: UnpackedSlices) throws {
        // By their numbers alone, which are few; not by the volume, whose slices may be many.
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT axis, slice, max(revision), labels FROM annotation WHERE revision > ? AND +volume = ?
                GROUP BY axis, slice
                """, arguments: [crossing.revision, volume])
        while let row = try rows.next() {
            let position = try SlicePosition(row: row)
            guard crossing.areCrossed(by: position) else { continue }
            let labels: Data? = row[3]
            let slice = try labels.map { try unpacked.slice(at: position, unpacking: $0, in: extent) }
            put(slice, at: position, revision: row[2], into: &crossing)
        }
    }

    func put(
        _ slice: AnnotatedSlice?, at position: SlicePosition, revision: Int64, into crossing: inout CrossingPlanes
    ) {
        let extent = extent
        crossing.put(position, revision: revision, line: slice.map { slice in { slice.line(with: $0, in: extent) } })
    }

    /// Checks annotations against the volume and its classes, and merges regions over the current slices.
    func revisions(_ annotations: [NewAnnotation], ifRevision: Int64?) throws -> [NewRevision] {
        var merged: [SlicePosition: AnnotatedSlice] = [:]
        return try annotations.map { annotation in
            let position = annotation.position
            try check(position)
            let region = try region(of: annotation)
            if let unknownValue = unknownValue(in: annotation.values) {
                let (row, column) = unknownValue.offset.quotientAndRemainder(dividingBy: region.columns)
                throw StoreError.constraint(
                    "the value \(unknownValue.value) at row \(row + region.row), column \(column + region.column) of "
                        + "\(position) is not a class; \(legend)")
            }
            if merged[position] == nil { try check(position, isAt: ifRevision) }
            var slice = AnnotatedSlice(at: position, values: annotation.values)
            if annotation.region != nil {
                let below = try merged[position] ?? current(position)?.slice
                slice.values =
                    below?.values
                    ?? [UInt8](repeating: AnnotatedSlice.unlabeled, count: position.voxels(in: extent))
                put(annotation.values, region, over: &slice)
            }
            merged[position] = slice
            var revision = NewRevision(slice, author: annotation.author)
            revision.role = annotation.role
            return revision
        }
    }

    /// The part of a slice that an annotation replaces.
    private func region(of annotation: NewAnnotation) throws -> Region {
        let position = annotation.position
        let (rows, columns) = position.plane(in: extent)
        let region = annotation.region ?? Region(row: 0, column: 0, rows: rows, columns: columns)
        guard region.row >= 0, region.column >= 0, region.rows > 0, region.columns > 0,
            region.rows <= rows, region.columns <= columns,
            region.row <= rows - region.rows, region.column <= columns - region.columns
        else {
            throw StoreError.constraint(
                "the region of \(region.rows)×\(region.columns) at row \(region.row), column \(region.column) lies "
                    + "outside \(position), which is \(rows)×\(columns)")
        }
        let what = annotation.region == nil ? "\(position)" : "the region of \(position)"
        guard annotation.rows == region.rows, annotation.columns == region.columns else {
            throw StoreError.constraint(
                "\(what) is \(region.rows)×\(region.columns); the annotation is "
                    + "\(annotation.rows)×\(annotation.columns)")
        }
        guard annotation.values.count == region.rows * region.columns else {
            throw StoreError.constraint(
                "\(what) has \(region.rows * region.columns) voxels; the annotation has \(annotation.values.count)")
        }
        return region
    }

    private func put(_ part: [UInt8], _ region: Region, over slice: inout AnnotatedSlice) {
        let columns = slice.position.plane(in: extent).columns
        for row in 0..<region.rows {
            let start = (region.row + row) * columns + region.column
            slice.values.replaceSubrange(
                start..<start + region.columns, with: part[row * region.columns..<(row + 1) * region.columns])
        }
    }
}
