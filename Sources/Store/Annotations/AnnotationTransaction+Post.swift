internal import Volumes

extension AnnotationTransaction {
    /// Stores revisions in order; counts for each the voxels where a crossing slice has another label.
    func store(_ revisions: [NewRevision]) throws -> [(record: AnnotationRecord, conflicts: Int)] {
        var revisions = revisions
        try markConflicts(&revisions)
        return try revisions.map {
            (record: try $0.insert(database, volume: volume), conflicts: $0.conflicts.count { $0 })
        }
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
