internal import Foundation
internal import GRDB
internal import Volumes

/// The annotations of a volume as one transaction sees them.
struct AnnotationTransaction {
    struct Current {
        let revision: Int64
        /// `nil` if this revision cleared the annotation.
        let slice: AnnotatedSlice?
    }

    let database: Database
    let volume: Int64
    let extent: Extent
    let classes: [ClassRecord]

    init(_ database: Database, volume: Int64) throws {
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT z, y, x, project FROM volume WHERE id = ?
                """, arguments: [volume])
        guard let row else { throw StoreError.notFound("such volume any more") }
        self.database = database
        self.volume = volume
        extent = Extent(z: row[0], y: row[1], x: row[2])
        classes = try ClassRecord.all(database, project: row[3])
    }

    /// Throws what is demanded of the volume, if it is not so.
    func heed(_ demand: Store.VolumeDemand?) throws {
        if let demand { try demand(try VolumeRecord.fetch(database, id: volume)) }
    }

    /// Throws unless the position lies in the volume.
    func check(_ position: SlicePosition) throws {
        if let absence = position.absence(from: extent) { throw StoreError.constraint(absence) }
    }

    /// The last revision of a slice; `nil` if there is none.
    func current(_ position: SlicePosition) throws -> Current? {
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT revision, labels FROM annotation WHERE volume = ? AND axis = ? AND slice = ?
                ORDER BY revision DESC LIMIT 1
                """, arguments: [volume, position.axis.rawValue, position.index])
        guard let row else { return nil }
        let labels: Data? = row[1]
        return Current(revision: row[0], slice: try labels.map { try slice(at: position, unpacking: $0) })
    }

    /// Throws a conflict unless the current revision of the slice is `revision`; 0 means not annotated.
    func check(_ position: SlicePosition, isAt revision: Int64?) throws {
        guard let revision else { return }
        let last = try last(position)
        guard revision != (last?.revision ?? 0), !(revision == 0 && last?.cleared != false) else { return }
        throw StoreError.conflict("\(position) is at \(last?.signature ?? "revision 0"), not at revision \(revision)")
    }

    /// The last revision of a slice, a clearing included; `nil` if there is none.
    func last(_ position: SlicePosition) throws -> AnnotationRecord? {
        try Row.fetchOne(
            database,
            sql: """
                SELECT \(AnnotationRecord.columns) FROM annotation WHERE volume = ? AND axis = ? AND slice = ?
                ORDER BY revision DESC LIMIT 1
                """, arguments: [volume, position.axis.rawValue, position.index]
        ).map(AnnotationRecord.init(row:))
    }

    /// The first value that is not a class, and where it is.
    func unknownValue(in values: [UInt8]) -> (value: UInt8, offset: Int)? {
        let known = (0...255).map { isKnown(UInt8($0)) }
        return values.firstIndex { !known[Int($0)] }.map { (values[$0], $0) }
    }

    /// Whether a voxel can have this value: a class that was not removed, or 255.
    func isKnown(_ value: UInt8) -> Bool { classes.takes(Int(value)) }

    /// The error for a revision that can't be restored because it has a value that is not a class now.
    func conflict(_ value: Int, inRestored revision: Int64) -> StoreError {
        let remedy =
            classes.dropFirst(value).first.map {
                "the class \"\($0.name)\", which was removed; PUT the project's classes with it in its place first"
            } ?? "which is not a class now; add the class again first"
        return .conflict("revision \(revision) has the value \(value), \(remedy)")
    }

    /// What the values mean, for messages.
    var legend: String { classes.legend }

    /// The slice whose values are packed in `labels`.
    func slice(at position: SlicePosition, unpacking labels: some Sequence<UInt8>) throws -> AnnotatedSlice {
        try AnnotatedSlice(at: position, unpacking: labels, in: extent)
    }
}

extension AnnotatedSlice {
    /// Unpacks the values as `BrickCodec` packed them.
    init(at position: SlicePosition, unpacking labels: some Sequence<UInt8>, in extent: Extent) throws {
        self.init(
            at: position,
            values: try BrickCodec.decode([UInt8](labels), element: .uint8, voxels: position.voxels(in: extent)))
    }
}
