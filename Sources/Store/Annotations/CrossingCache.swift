internal import Foundation
internal import GRDB
internal import Synchronization
internal import Volumes

/// Tells what crosses a slice without unpacking all of each slice that does: keeps them so that lines can be read.
///
/// Has connections of its own, on each of which calls come one after the other: it neither waits for those that read
/// volumes nor keeps anybody from writing.
package final class CrossingCache: Sendable {
    private struct Entry: Sendable {
        var slices = KeptSlices()
        /// Greater than that of those that were needed before.
        var use = 0
    }

    /// The most volumes.
    private static let most = 256
    /// For how long slices are unpacked before it is the turn of another call.
    private static let patience = Duration.milliseconds(10)

    /// Where slices are unpacked, and where it is only seen whether any cross.
    private let (queue, glances): (DatabaseQueue, DatabaseQueue)
    let unpacked = UnpackedSlices()
    /// The most that slices may take in memory; those of a volume that would be above that are unpacked each time.
    private let limit: Int
    private let volumes = Mutex<[Int64: Entry]>([:])

    init(file: URL, limit: Int) throws {
        var configuration = Configuration()
        configuration.label = "crossings"
        configuration.busyMode = .timeout(5)
        queue = try DatabaseQueue(path: file.path, configuration: configuration)
        glances = try DatabaseQueue(path: file.path, configuration: configuration)
        self.limit = limit
    }

    func close() throws {
        try queue.close()
        try glances.close()
    }

    /// What the slices say now that cross some others, without those that are about to be replaced.
    func planes(
        of positions: Set<SlicePosition>, without replaced: Set<SlicePosition> = [], in volume: Int64
    ) async throws -> CrossingPlanes {
        do {
            var (planes, isComplete) = try await glances.read { [self] database in
                var planes = try CrossingPlanes(
                    of: positions, in: Self.extent(of: volume, database), without: replaced)
                let isComplete = try glance(&planes, volume, database)
                return (planes, isComplete)
            }
            while !isComplete {
                let begun = planes
                (planes, isComplete) = try await queue.read { [self] database in
                    var next = begun
                    let isComplete = try fill(&next, volume, database)
                    return (next, isComplete)
                }
            }
            return planes
        } catch {
            throw StoreError.translated(error)
        }
    }

    /// The bytes of the slices in memory.
    package var bytes: Int { volumes.withLock { $0.values.reduce(0) { $0 + $1.slices.bytes } } }

    /// Whether nothing crosses, so that the planes are right as they are.
    private func glance(_ planes: inout CrossingPlanes, _ volume: Int64, _ database: Database) throws -> Bool {
        let known = volumes.withLock { $0[volume]?.slices }
        var slices = known ?? KeptSlices()
        guard try slices.update(volume, database) else { return false }
        // Not in place of what has been unpacked meanwhile.
        keep(slices, of: volume) { $0?.seen == known?.seen && $0?.bytes == known?.bytes }
        guard !slices.last.keys.contains(where: planes.areCrossed) else { return false }
        planes.revision = slices.seen
        return true
    }

    /// Brings planes to what the database says; `false` if there is more to unpack: then call it again.
    private func fill(_ planes: inout CrossingPlanes, _ volume: Int64, _ database: Database) throws -> Bool {
        var slices = volumes.withLock { $0[volume]?.slices } ?? KeptSlices()
        guard try slices.update(volume, database) else { return false }
        defer { keep(slices, of: volume) }
        let (extent, end) = (planes.extent, ContinuousClock.now + Self.patience)
        let statement = try database.cachedStatement(sql: "SELECT labels FROM annotation WHERE revision = ?")
        var hasUnpacked = false
        for (position, revision) in slices.last
        where planes.areCrossed(by: position) && planes.known[position] != revision {
            if let line = slices.line(of: position) {
                planes.put(position, revision: revision, line: line)
                continue
            }
            guard !hasUnpacked || ContinuousClock.now < end else { return false }
            hasUnpacked = true
            guard let row = try Row.fetchOne(statement, arguments: [revision]) else { throw Self.noVolume }
            let labels: Data? = row[0]
            let slice = try labels.map { try AnnotatedSlice(at: position, unpacking: $0, in: extent) }
            planes.put(position, revision: revision, line: slice.map { slice in { slice.line(with: $0, in: extent) } })
            slices.keep(slice, at: position, in: extent, limit: limit)
        }
        planes.revision = slices.seen
        return true
    }

    /// Keeps the slices of a volume; gives up those of the volumes that were not needed for longest, if they are too many.
    private func keep(
        _ slices: KeptSlices, of volume: Int64, inPlaceOf isReplaced: (KeptSlices?) -> Bool = { _ in true }
    ) {
        volumes.withLock { volumes in
            guard isReplaced(volumes[volume]?.slices) else { return }
            volumes[volume] = Entry(slices: slices, use: (volumes.values.map(\.use).max() ?? 0) + 1)
            var bytes = volumes.values.reduce(0) { $0 + $1.slices.bytes }
            while bytes > limit || volumes.count > Self.most {
                guard let oldest = volumes.min(by: { $0.value.use < $1.value.use }), oldest.key != volume else {
                    return
                }
                volumes[oldest.key] = nil
                bytes -= oldest.value.slices.bytes
            }
        }
    }

    private static let noVolume = StoreError.notFound("such volume any more")

    private static func extent(of volume: Int64, _ database: Database) throws -> Extent {
        let row = try Row.fetchOne(database, sql: "SELECT z, y, x FROM volume WHERE id = ?", arguments: [volume])
        guard let row else { throw noVolume }
        return Extent(z: row[0], y: row[1], x: row[2])
    }
}
