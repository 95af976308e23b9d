/// The sizes of a tensor: N×C×Z×Y×X.
package struct Shape: Codable, Hashable, Sendable, CustomStringConvertible {
    package var batch: Int
    package var channels: Int
    package var depth: Int
    package var height: Int
    package var width: Int

    package init(batch: Int = 1, channels: Int, depth: Int, height: Int, width: Int) {
        self.batch = batch
        self.channels = channels
        self.depth = depth
        self.height = height
        self.width = width
    }

    /// The number of voxels of one channel of one sample.
    package var voxels: Int { depth * height * width }
    /// The number of values.
    package var count: Int { batch * channels * voxels }
    /// Depth, height, width.
    package var extent: [Int] { [depth, height, width] }

    /// The same batch and voxels with other channels.
    package func with(channels: Int) -> Shape {
        var shape = self
        shape.channels = channels
        return shape
    }

    /// The same batch and channels with another extent.
    package func with(extent: [Int]) -> Shape {
        Shape(batch: batch, channels: channels, depth: extent[0], height: extent[1], width: extent[2])
    }

    package var description: String { "\(batch)×\(channels)×\(depth)×\(height)×\(width)" }
}
