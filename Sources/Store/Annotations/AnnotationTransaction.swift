internal import Foundation
internal import GRDB
internal import Volumes

/// The annotations of a volume as one transaction sees them.
struct AnnotationTransaction {
    struct Current {
        let revision: Int64
        /// `nil` if this revision took the annotation away.
        let values: [UInt8]?
    }

    let database: Database
    let volume: Int64
    let extent: Extent
    let classes: Int

    init(_ database: Database, volume: Int64) throws {
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT z, y, x, (SELECT count(*) FROM class WHERE class.project = volume.project) FROM volume
                WHERE id = ?
                """, arguments: [volume])
        guard let row else { throw StoreError.notFound("volume with number \(volume)") }
        self.database = database
        self.volume = volume
        extent = Extent(z: row[0], y: row[1], x: row[2])
        classes = row[3]
    }

    func shape(_ axis: Axis, _ index: Int) throws -> SliceShape {
        guard (0..<extent[axis]).contains(index) else {
            throw StoreError.constraint(
                "there is no slice \(index) on axis \(axis.rawValue) of this volume; the slices are 0 to "
                    + "\(extent[axis] - 1)")
        }
        return SliceShape(axis: axis, index: index, extent: extent)
    }

    /// The last revision of a slice; `nil` if there is none.
    func current(_ shape: SliceShape) throws -> Current? {
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT revision, labels FROM annotation WHERE volume = ? AND axis = ? AND slice = ?
                ORDER BY revision DESC LIMIT 1
                """, arguments: [volume, shape.axis.rawValue, shape.index])
        guard let row else { return nil }
        let labels: Data? = row[1]
        return Current(revision: row[0], values: try labels.map { try Self.unpack($0, shape) })
    }

    /// Throws a conflict unless the slice is at a revision; 0 stands for no annotation.
    func check(_ shape: SliceShape, isAt revision: Int64?) throws {
        guard let revision else { return }
        let current = try current(shape)
        guard revision != (current?.revision ?? 0), !(revision == 0 && current?.values == nil) else { return }
        throw StoreError.conflict(
            "\(shape.words) is at revision \(current?.revision ?? 0), not at \(revision)")
    }

    /// The first value that is no class, and where.
    func unknownValue(in values: [UInt8]) -> (value: UInt8, offset: Int)? {
        values.firstIndex { $0 >= classes && $0 != AnnotatedSlice.unlabeled }.map { (values[$0], $0) }
    }

    /// Marks the conflicts of postings with the current slices and with those before them, in order.
    func markConflicts(_ revisions: inout [NewRevision]) throws {
        for place in revisions.indices where revisions[place].values != nil {
            revisions[place].conflicts = [Bool](repeating: false, count: revisions[place].shape.count)
        }
        // The posting that takes the place of a current slice first; those behind it don't see the old one.
        var firsts: [SliceShape: Int] = [:]
        for (place, revision) in revisions.enumerated() where firsts[revision.shape] == nil {
            firsts[revision.shape] = place
        }
        for axis in Set(revisions.flatMap(\.shape.axis.others)) {
            try eachCurrent(on: axis) { shape, values in
                let seen = firsts[shape] ?? revisions.count
                for place in 0..<seen {
                    if let mine = revisions[place].values {
                        revisions[place].shape.markConflicts(
                            mine, with: shape, values, in: &revisions[place].conflicts)
                    }
                }
            }
        }
        var latest: [SliceShape: [UInt8]] = [:]
        for place in revisions.indices {
            guard let mine = revisions[place].values else { continue }
            let shape = revisions[place].shape
            for (other, values) in latest where other.axis != shape.axis {
                shape.markConflicts(mine, with: other, values, in: &revisions[place].conflicts)
            }
            latest[shape] = mine
        }
    }

    static func unpack(_ labels: Data, _ shape: SliceShape) throws -> [UInt8] {
        try BrickCodec.decode([UInt8](labels), element: .uint8, voxels: shape.count)
    }

    private func eachCurrent(on axis: Axis, _ body: (SliceShape, [UInt8]) -> Void) throws {
        let rows = try Row.fetchCursor(
            database, sql: "SELECT slice, labels FROM current_annotation WHERE volume = ? AND axis = ?",
            arguments: [volume, axis.rawValue])
        while let row = try rows.next() {
            let shape = SliceShape(axis: axis, index: row[0], extent: extent)
            body(shape, try Self.unpack(row[1], shape))
        }
    }
}

extension Axis {
    fileprivate var others: [Axis] { Axis.allCases.filter { $0 != self } }
}
