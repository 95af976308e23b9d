import Foundation
import Volumes

/// An answer with bricks, unpacked as Documentation/API.md says.
struct BrickAnswer {
    private(set) var bricks: [BrickIndex] = []
    /// What stands before each brick.
    private(set) var heads: [[UInt8]] = []
    /// The voxels of each brick, x fastest, in native byte order.
    private(set) var voxels: [[UInt8]] = []

    /// `nil` if the bytes don't end with a brick, or a brick has not the size of its place.
    init?(_ bytes: [UInt8], of extent: Extent, edge: Int = 64, size: Int) {
        let grid = BrickGrid(extent: extent, edge: edge)
        var place = 0
        while place < bytes.count {
            guard place + 20 <= bytes.count else { return nil }
            let head = (0..<5).map { number in
                (0..<4).reduce(0) { $0 | Int(bytes[place + 4 * number + $1]) << (8 * $1) }
            }
            let brick = BrickIndex(z: head[0], y: head[1], x: head[2])
            let count = grid.box(of: brick).extent.voxels
            heads.append(Array(bytes[place..<place + 20]))
            place += 20
            guard count > 0, [0, count * size].contains(head[3]), place + head[3] <= bytes.count else { return nil }
            var voxels = [UInt8](repeating: UInt8(truncatingIfNeeded: head[4]), count: count * size)
            if head[3] > 0 {
                for voxel in 0..<count {
                    for byte in 0..<size { voxels[voxel * size + byte] = bytes[place + byte * count + voxel] }
                }
            }
            place += head[3]
            bricks.append(brick)
            self.voxels.append(voxels)
        }
    }
}
