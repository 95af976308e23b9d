package import Volumes

/// What a model says of a part of a volume.
package struct RegionPrediction: Sendable {
    /// The model's name.
    package let model: String
    package let box: Box
    /// Class indices, x fastest.
    package internal(set) var labels: [UInt8]
    /// Classes × voxels of the box, x fastest.
    package internal(set) var probabilities: [Float]

    init(model: String, box: Box, classes: Int) {
        self.model = model
        self.box = box
        labels = [UInt8](repeating: 0, count: box.extent.voxels)
        probabilities = [Float](repeating: 0, count: classes * box.extent.voxels)
    }

    /// Takes over the part of a tile that lies in the box.
    mutating func take(_ tile: Box, labels tileLabels: [UInt8], probabilities tileProbabilities: [Float]) {
        let shared = box.intersection(tile)
        guard !shared.isEmpty else { return }
        let classes = probabilities.count / max(labels.count, 1)
        let width = shared.extent.x
        for z in shared.range(.z) {
            for y in shared.range(.y) {
                let from = tile.position(z, y, shared.origin.x)
                let to = box.position(z, y, shared.origin.x)
                labels.replaceSubrange(to..<to + width, with: tileLabels[from..<from + width])
                for channel in 0..<classes {
                    let source = channel * tile.extent.voxels + from
                    let target = channel * labels.count + to
                    probabilities.replaceSubrange(
                        target..<target + width, with: tileProbabilities[source..<source + width])
                }
            }
        }
    }
}

extension Box {
    /// Where a voxel lies in the box's own order, x fastest.
    fileprivate func position(_ z: Int, _ y: Int, _ x: Int) -> Int {
        ((z - origin.z) * extent.y + y - origin.y) * extent.x + x - origin.x
    }
}
