internal import Training
internal import Volumes

/// The entropy of stored probabilities in nats over ln K, float32: 0 is sure, 1 is no idea.
struct UncertaintyVolume: VoxelSource {
    let header: VolumeHeader
    private let probabilities: ProbabilityVolume

    /// `stored` are the probabilities as `ProbabilityVolume` takes them, a channel for each class.
    init(_ stored: any VoxelSource) {
        probabilities = ProbabilityVolume(stored)
        header = stored.header.with(element: .float32)
    }

    func read(_ box: Box, channel: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
        let (classes, voxels) = (probabilities.header.channels, box.extent.voxels)
        var all = [Float](repeating: 0, count: classes * voxels)
        try all.withUnsafeMutableBytes { whole in
            for index in 0..<classes {
                let part = whole[index * voxels * 4..<(index + 1) * voxels * 4]
                try probabilities.read(box, channel: index, into: UnsafeMutableRawBufferPointer(rebasing: part))
            }
        }
        entropy(all, classes: classes).withUnsafeBytes { bytes.copyMemory(from: $0) }
    }
}
