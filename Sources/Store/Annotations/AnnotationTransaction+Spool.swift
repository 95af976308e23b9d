internal import Foundation
internal import GRDB
internal import Volumes

extension AnnotationTransaction {
    /// Bytes of slices that are compared with the current ones at a time.
    private static let batch = 32 << 20

    /// A current slice that stays so.
    private struct Standing {
        let shape: SliceShape
        let revision: Int64
    }

    /// Stores the slices of one label volume as revisions; says of each how many voxels differ from a slice that crosses
    /// it and stays.
    ///
    /// They come from one volume, so that they can't differ from each other.
    func store(
        _ spooled: SpooledSlices, author: String?
    ) throws -> [(record: AnnotationRecord, conflicts: Int)] {
        guard spooled.extent == extent else {
            throw StoreError.conflict("the volume was replaced by one of another size meanwhile")
        }
        for entry in spooled.entries {
            guard let unknownValue = entry.counts.keys.first(where: { $0 >= classes && $0 != AnnotatedSlice.unlabeled })
            else { continue }
            throw StoreError.constraint(
                "the value \(unknownValue) in slice \(entry.index) on axis \(entry.axis.rawValue) is no class; the classes "
                    + "are 0 to \(classes - 1), 255 is unlabeled")
        }
        let shapes = try spooled.entries.map { try shape($0.axis, $0.index) }
        let standing = try standing(beside: Set(shapes))
        let size = max(Self.batch / max(shapes.map(\.count).max() ?? 1, 1), 1)
        return try stride(from: 0, to: shapes.count, by: size).flatMap { start in
            let places = start..<min(start + size, shapes.count)
            let labels = try places.map { try packed(spooled, $0) }
            let conflicts = try conflicts(Array(zip(shapes[places], labels)), with: standing)
            return try places.map { place in
                let record = try NewRevision.insert(
                    database, volume: volume, shapes[place], author: author, labels: labels[place - start],
                    counts: spooled.entries[place].counts)
                return (record: record, conflicts: conflicts[place - start])
            }
        }
    }

    private func packed(_ spooled: SpooledSlices, _ place: Int) throws -> [UInt8] {
        do {
            return try spooled.packed(spooled.entries[place])
        } catch {
            throw StoreError.failed("\(error)")
        }
    }

    /// The current slices that are not among those to be stored.
    private func standing(beside shapes: Set<SliceShape>) throws -> [Standing] {
        try Row.fetchAll(
            database, sql: "SELECT axis, slice, revision FROM current_annotation WHERE volume = ?", arguments: [volume]
        ).compactMap { row in
            guard let axis = Axis(rawValue: row[0]) else { return nil }
            let shape = SliceShape(axis: axis, index: row[1], extent: extent)
            return shapes.contains(shape) ? nil : Standing(shape: shape, revision: row[2])
        }
    }

    /// Of each slice, given packed, the labelled voxels that differ from one of a slice crossing it.
    private func conflicts(
        _ slices: [(shape: SliceShape, labels: [UInt8])], with standing: [Standing]
    ) throws -> [Int] {
        let crossing = standing.filter { other in slices.contains { $0.shape.axis != other.shape.axis } }
        guard !crossing.isEmpty else { return slices.map { _ in 0 } }
        let values = try slices.map { try Self.unpack(Data($0.labels), $0.shape) }
        var marks = slices.map { [Bool](repeating: false, count: $0.shape.count) }
        for other in crossing {
            let labels = try Data.fetchOne(
                database, sql: "SELECT labels FROM annotation WHERE revision = ?", arguments: [other.revision])
            guard let labels else { continue }
            let others = try Self.unpack(labels, other.shape)
            for place in slices.indices {
                slices[place].shape.markConflicts(values[place], with: other.shape, others, in: &marks[place])
            }
        }
        return marks.map { $0.count { $0 } }
    }
}
