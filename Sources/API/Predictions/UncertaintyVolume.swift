internal import Training
internal import Volumes

/// The entropy of stored probabilities in nats over ln K, float32: 0 is certain, 1 is undecided.
struct UncertaintyVolume: VoxelSource {
    let header: VolumeHeader
    private let probabilities: ProbabilityVolume

    /// `stored` has the probabilities in the format of `ProbabilityVolume`, a channel for each class.
    init(_ stored: any VoxelSource) {
        probabilities = ProbabilityVolume(stored)
        header = stored.header.with(element: .float32)
    }

    /// Keeps the probabilities of one class in memory at a time.
    func read(_ box: Box, channel: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
        let (classes, voxels) = (probabilities.header.channels, box.extent.voxels)
        var sum = EntropySum(voxels: voxels, classes: classes)
        var shares = [Float](repeating: 0, count: voxels)
        for index in 0..<classes {
            try shares.withUnsafeMutableBytes { try probabilities.read(box, channel: index, into: $0) }
            sum.add(shares[...])
        }
        sum.entropy.withUnsafeBytes { bytes.copyMemory(from: $0) }
    }
}
