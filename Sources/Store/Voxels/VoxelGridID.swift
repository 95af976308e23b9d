/// Names the voxels of one finished image; never used again for others, so it identifies the content.
package struct VoxelGridID: Codable, Hashable, Sendable, CustomStringConvertible {
    package let rawValue: Int64

    package init(_ rawValue: Int64) {
        self.rawValue = rawValue
    }

    package var description: String { "\(rawValue)" }
}
