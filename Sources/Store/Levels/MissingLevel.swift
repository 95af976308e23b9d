internal import GRDB
package import Volumes

/// A level that a grid lacks; the ones before it are there.
package struct MissingLevel: Hashable, Sendable {
    /// The grid whose level it is.
    package let grid: VoxelGridID
    /// From 1.
    package let level: Int
    /// What the level's own grid is like.
    package let header: VolumeHeader
    /// The level before, which it is made of.
    let source: VoxelGridID
    let halving: Halving
    /// The axes that are halved.
    let axes: Set<Axis>
    let edge: Int
    let fill: UInt8
}

extension MissingLevel {
    /// The next level of a grid that has `made` of them, the last of which is `last`; `nil` if it lacks none.
    init?(row: Row) throws {
        let whole: VolumeHeader = try StoredJSON.decode(from: row["header"])
        let pyramid = Pyramid(of: whole)
        let level = 1 + (row["made"] as Int)
        guard level < pyramid.levels.count else { return nil }
        guard let halving = Halving(rawValue: row["halving"]) else {
            throw StoreError.corrupt("there is no halving \"\(row["halving"] as String)\"")
        }
        let one = pyramid.levels[level]
        self.init(
            grid: VoxelGridID(row["grid"]), level: level,
            header: VolumeHeader(
                channels: whole.channels, extent: one.extent, element: whole.element, spacing: one.spacing),
            source: VoxelGridID(row["last"]), halving: halving, axes: pyramid.halvedAxes(of: level), edge: row["edge"],
            fill: row["fill"])
    }
}
