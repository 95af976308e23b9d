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

    /// Stores the slices of one label volume as revisions; counts for each the voxels that differ from a crossing slice
    /// that is not replaced.
    ///
    /// The new slices come from one volume, so they can't differ from each other.
    func store(
        _ spooled: SpooledSlices, author: String?
    ) throws -> [(record: AnnotationRecord, conflicts: Int)] {
        guard spooled.extent == extent else {
            throw StoreError.conflict("the volume was replaced by one of another size during the upload")
        }
        for entry in spooled.entries {
            guard let unknownValue = entry.counts.keys.first(where: { !isKnown(UInt8($0)) })
            else { continue }
            throw StoreError.constraint(
                "the value \(unknownValue) in \(entry.position) is not a class; \(legend)")
        }
        let positions = spooled.entries.map(\.position)
        for position in positions { try check(position) }
        let standing = try standing(beside: Set(positions))
        let size = max(Self.batch / max(positions.map { $0.voxels(in: extent) }.max() ?? 1, 1), 1)
        return try stride(from: 0, to: positions.count, by: size).flatMap { start in
            let places = start..<min(start + size, positions.count)
            let labels = try places.map { try packed(spooled, $0) }
            let conflicts = try conflicts(Array(zip(positions[places], labels)), with: standing)
            return try places.map { place in
                let record = try NewRevision.insert(
                    database, volume: volume, positions[place], author: author, labels: labels[place - start],
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
        _ packed: [(position: SlicePosition, labels: [UInt8])], with standing: [Standing]
    ) throws -> [Int] {
        let crossing = standing.filter { other in packed.contains { $0.position.axis != other.position.axis } }
        guard !crossing.isEmpty else { return packed.map { _ in 0 } }
        let slices = try packed.map { try slice(at: $0.position, unpacking: $0.labels) }
        var marks = slices.map { [Bool](repeating: false, count: $0.values.count) }
        for other in crossing {
            let labels = try Data.fetchOne(
                database, sql: "SELECT labels FROM annotation WHERE revision = ?", arguments: [other.revision])
            guard let labels else { continue }
            let opposed = try slice(at: other.position, unpacking: labels)
            for place in slices.indices {
                slices[place].markConflicts(with: opposed, in: extent, &marks[place])
            }
        }
        return marks.map { $0.count { $0 } }
    }
}
