internal import Volumes

extension AnnotationTransaction {
    /// Stores revisions in order; says of each how many voxels crossing slices see otherwise.
    func store(_ revisions: [NewRevision]) throws -> [(record: AnnotationRecord, conflicts: Int)] {
        var revisions = revisions
        try markConflicts(&revisions)
        return try revisions.map {
            (record: try $0.insert(database, volume: volume), conflicts: $0.conflicts.count { $0 })
        }
    }

    /// Checks annotations against the volume and its classes, and merges parts of slices over what is current.
    func revisions(_ annotations: [NewAnnotation], ifRevision: Int64?) throws -> [NewRevision] {
        var merged: [SliceShape: [UInt8]] = [:]
        return try annotations.map { annotation in
            let shape = try shape(annotation.axis, annotation.index)
            let region = try region(of: annotation, shape)
            if let unknownValue = unknownValue(in: annotation.values) {
                let (row, column) = unknownValue.offset.quotientAndRemainder(dividingBy: region.columns)
                throw StoreError.constraint(
                    "the value \(unknownValue.value) at row \(row + region.row), column \(column + region.column) of "
                        + "\(shape.words) is no class; the classes are 0 to \(classes - 1), 255 is unlabeled")
            }
            if merged[shape] == nil { try check(shape, isAt: ifRevision) }
            var values = annotation.values
            if annotation.region != nil {
                let below = try merged[shape] ?? current(shape)?.values
                values = Self.put(
                    annotation.values, region, shape,
                    over: below ?? [UInt8](repeating: AnnotatedSlice.unlabeled, count: shape.count))
            }
            merged[shape] = values
            return NewRevision(shape: shape, values: values, author: annotation.author)
        }
    }

    /// The part of a slice that an annotation replaces.
    private func region(of annotation: NewAnnotation, _ shape: SliceShape) throws -> Region {
        let region = annotation.region ?? Region(row: 0, column: 0, rows: shape.rows, columns: shape.columns)
        guard region.row >= 0, region.column >= 0, region.rows > 0, region.columns > 0,
            region.rows <= shape.rows, region.columns <= shape.columns,
            region.row <= shape.rows - region.rows, region.column <= shape.columns - region.columns
        else {
            throw StoreError.constraint(
                "the region of \(region.rows)×\(region.columns) at row \(region.row), column \(region.column) lies "
                    + "outside of \(shape.words), which is \(shape.rows)×\(shape.columns)")
        }
        let what = annotation.region == nil ? shape.words : "the region of \(shape.words)"
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

    private static func put(
        _ part: [UInt8], _ region: Region, _ shape: SliceShape, over slice: [UInt8]
    ) -> [UInt8] {
        var slice = slice
        for row in 0..<region.rows {
            let start = (region.row + row) * shape.columns + region.column
            slice.replaceSubrange(
                start..<start + region.columns, with: part[row * region.columns..<(row + 1) * region.columns])
        }
        return slice
    }
}
