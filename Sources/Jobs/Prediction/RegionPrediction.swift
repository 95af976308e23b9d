package import Volumes

/// The prediction of a box of a volume by a model.
package struct RegionPrediction: Sendable {
    /// The model's name.
    package let model: String
    package let box: Box
    /// Class indices, x fastest.
    package internal(set) var labels: [UInt8]
    /// Probabilities: classes × voxels of the box, x fastest.
    package internal(set) var probabilities: [Float]

    init(model: String, box: Box, classes: Int) {
        self.model = model
        self.box = box
        labels = [UInt8](repeating: 0, count: box.extent.voxels)
        probabilities = [Float](repeating: 0, count: classes * box.extent.voxels)
    }

    /// Copies the part of a tile that lies in the box.
    mutating func take(_ tile: Box, labels tileLabels: [UInt8], probabilities tileProbabilities: [Float]) {
        let (box, classes) = (box, probabilities.count / max(labels.count, 1))
        labels.withUnsafeMutableBytes { labels in
            tileLabels.withUnsafeBytes { VoxelCopy.copy($0, of: tile, to: labels, of: box, size: 1) }
        }
        let size = MemoryLayout<Float>.size
        let (from, to) = (tile.extent.voxels * size, box.extent.voxels * size)
        probabilities.withUnsafeMutableBytes { probabilities in
            tileProbabilities.withUnsafeBytes { tileProbabilities in
                for channel in 0..<classes {
                    VoxelCopy.copy(
                        UnsafeRawBufferPointer(rebasing: tileProbabilities[channel * from..<(channel + 1) * from]),
                        of: tile,
                        to: UnsafeMutableRawBufferPointer(rebasing: probabilities[channel * to..<(channel + 1) * to]),
                        of: box, size: size)
                }
            }
        }
    }
}
