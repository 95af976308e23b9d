internal import Store
internal import Volumes

/// The last tiles that were predicted on demand: a tile serves all slices that cross it.
struct PredictedTiles {
    struct Key: Hashable {
        let model: Int64
        let image: VoxelGridID
        let box: Box
    }

    struct Tile {
        let labels: [UInt8]
        /// Classes × voxels.
        let probabilities: [Float]
        var bytes: Int { labels.count + 4 * probabilities.count }
    }

    /// In bytes; the newest tile is kept even if it is larger.
    let limit: Int
    private var tiles: [Key: Tile] = [:]
    /// Those not used for the longest time first.
    private var order: [Key] = []
    private var bytes = 0

    init(limit: Int) { self.limit = limit }

    mutating func find(_ key: Key) -> Tile? {
        guard let tile = tiles[key] else { return nil }
        order.removeAll { $0 == key }
        order.append(key)
        return tile
    }

    mutating func keep(_ tile: Tile, as key: Key) {
        bytes += tile.bytes - (tiles.updateValue(tile, forKey: key)?.bytes ?? 0)
        order.removeAll { $0 == key }
        order.append(key)
        while bytes > limit, order.count > 1 {
            bytes -= tiles.removeValue(forKey: order.removeFirst())?.bytes ?? 0
        }
    }
}
