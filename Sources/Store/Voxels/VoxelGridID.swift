/// The number of a voxel grid; never reused, so it identifies the content.
package struct VoxelGridID: Codable, Hashable, Sendable, CustomStringConvertible {
    package let rawValue: Int64

    package init(_ rawValue: Int64) {
        self.rawValue = rawValue
    }

    package var description: String { "\(rawValue)" }
}
