internal import Foundation
internal import GRDB
package import Volumes

extension Store {
    /// Stores a volume of a project with the voxels of a finished grid.
    ///
    /// Takes the grid over: it is removed if it isn't needed (`same`) or the call throws. If the volume exists with the
    /// same `sha256` and header, the result is `same`; with others it is a conflict unless `replace` is true. Replacing
    /// keeps annotations and truth, removes predictions, and is a conflict if annotations or truth have another shape.
    /// `demand` may refuse, by throwing, what the call finds: the volume, `nil` if there is none.
    package func putVolume(
        project: Int64, name: String, grid: VoxelGridID, statistics: [ChannelStatistics], sha256: String, bytes: Int,
        replace: Bool = false, demand: @escaping @Sendable (VolumeRecord?) throws -> Void = { _ in }
    ) async throws -> (volume: VolumeRecord, change: VolumeChange) {
        let result: (volume: VolumeRecord, change: VolumeChange)
        do {
            try Validation.check(name: name, of: "volume")
            result = try await write { database in
                let header = try StoredJSON.decode(
                    VolumeHeader.self, from: try Self.finishedGrid(database, grid)["header"])
                guard statistics.count == header.channels else {
                    throw StoreError.constraint(
                        "\(header.channels) channels need \(header.channels) statistics, not \(statistics.count)")
                }
                let content = VolumeContent(
                    header: header, grid: grid, statistics: statistics, sha256: sha256, bytes: bytes)
                let found = try VolumeRecord.find(database, project: project, name: name)
                try demand(found)
                let change = try VolumeContent.change(
                    of: found, named: name, to: header, sha256: sha256, replace: replace, database)
                guard let old = found else {
                    return (try content.insert(database, project: project, name: name), change)
                }
                guard change != .same else {
                    if old.image != grid { try Self.drop(database, grid) }
                    return (old, change)
                }
                return (try content.replace(old, database), change)
            }
        } catch {
            dropLater([grid])
            throw error
        }
        levelBell.ring()
        if result.change != .created { await sweep() }
        return result
    }

    /// What `putVolume` would do with such a file, of which nothing is stored; throws the conflicts that it would.
    package func volumeChange(
        project: Int64, name: String, header: VolumeHeader, sha256: String, replace: Bool
    ) async throws -> VolumeChange {
        try await read { database in
            try VolumeContent.change(
                of: try VolumeRecord.find(database, project: project, name: name), named: name, to: header,
                sha256: sha256, replace: replace, database)
        }
    }

    /// By name.
    package func volumes(project: Int64) async throws -> [VolumeRecord] {
        try await read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM volume WHERE project = ? ORDER BY name", arguments: [project]
            )
            .map(VolumeRecord.init(row:))
        }
    }

    package func volume(project: Int64, name: String) async throws -> VolumeRecord {
        try await recordCache.volume(project: project, name: name) {
            try await read { database in
                guard let volume = try VolumeRecord.find(database, project: project, name: name) else {
                    throw StoreError.notFound("volume \"\(name)\"")
                }
                return volume
            }
        }
    }

    package func volume(id: Int64) async throws -> VolumeRecord {
        try await read { try VolumeRecord.fetch($0, id: id) }
    }

    /// Removes a volume with its annotations, truth and predictions; `demand` may refuse it by throwing.
    package func deleteVolume(
        project: Int64, name: String, demand: @escaping @Sendable (VolumeRecord) throws -> Void = { _ in }
    ) async throws {
        try await write(frees: true) { database in
            if let old = try VolumeRecord.find(database, project: project, name: name) { try demand(old) }
            try database.execute(
                sql: "DELETE FROM volume WHERE project = ? AND name = ?", arguments: [project, name])
            guard database.changesCount > 0 else { throw StoreError.notFound("volume \"\(name)\"") }
        }
        await sweep()
    }

    /// Sets or, with `nil`, removes the dense truth of a volume; takes over the grid as `putVolume` does.
    ///
    /// The grid has the volume's extent and one channel of uint8: class indices, or 255 for unknown. `demand` may refuse
    /// the volume that the call finds by throwing. `old` is that volume.
    @discardableResult
    package func setTruth(
        volume: Int64, grid: VoxelGridID?, demand: @escaping @Sendable (VolumeRecord) throws -> Void = { _ in }
    ) async throws -> (volume: VolumeRecord, old: VolumeRecord) {
        let result: (volume: VolumeRecord, old: VolumeRecord)
        do {
            result = try await write(frees: grid == nil) { database in
                let old = try VolumeRecord.fetch(database, id: volume)
                try demand(old)
                if grid == old.truth { return (old, old) }
                if let grid { try Self.check(database, truth: grid, of: old) }
                try database.execute(
                    sql: "UPDATE volume SET truth = ? WHERE id = ?", arguments: [grid?.rawValue, volume])
                return (try VolumeRecord.fetch(database, id: volume), old)
            }
        } catch {
            if let grid { dropLater([grid]) }
            throw error
        }
        levelBell.ring()
        await sweep()
        return result
    }

    private static func check(_ database: Database, truth: VoxelGridID, of volume: VolumeRecord) throws {
        let header = try freeGrid(database, truth)
        let counts = try finishedGrid(database, truth)["counts"] as String?
        guard header.extent == volume.header.extent else {
            throw StoreError.constraint(
                "the truth has \(header.extent.words) voxels; the volume has \(volume.header.extent.words)")
        }
        guard header.channels == 1, header.element == .uint8, let counts else {
            throw StoreError.constraint("a truth must have one channel of uint8")
        }
        let classes = try ClassRecord.all(database, project: volume.project)
        if let other = try Self.counts(from: counts).keys.filter({ !classes.takes($0) }).min() {
            throw StoreError.constraint("the truth has the value \(other), which is not a class; \(classes.legend)")
        }
    }
}

extension Extent {
    /// The extent as text for messages.
    var words: String { "\(z)×\(y)×\(x)" }
}
