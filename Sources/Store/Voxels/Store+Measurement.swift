internal import GRDB
internal import Volumes

extension Store {
    /// The volume with statistics of everything that this version measures.
    ///
    /// Those of a volume that an older version stored are measured again, once, which takes as long as reading it.
    package func measured(_ volume: VolumeRecord) async throws -> VolumeRecord {
        guard volume.statistics.contains(where: { $0.typical == nil }) else { return volume }
        let statistics = try ChannelStatistics.measure(try source(grid: volume.image, cacheBytes: 0))
        return try await write { database in
            try database.execute(
                sql: "UPDATE volume SET statistics = ? WHERE id = ? AND image = ?",
                arguments: [try StoredJSON.encode(statistics), volume.id, volume.image.rawValue])
            guard database.changesCount > 0 else {
                throw StoreError.conflict("the volume \"\(volume.name)\" was replaced")
            }
            return try VolumeRecord.fetch(database, id: volume.id)
        }
    }
}
