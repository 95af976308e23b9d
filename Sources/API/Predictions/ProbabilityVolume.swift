internal import Store
internal import Volumes

/// Stored probabilities, uint16 with 65535 for 1, read as float32; one class or all of them as channels.
struct ProbabilityVolume: VoxelSource {
    let header: VolumeHeader
    private let stored: any VoxelSource
    private let channel: Int?

    init(_ stored: any VoxelSource, channel: Int? = nil) {
        self.stored = stored
        self.channel = channel
        header = stored.header.with(element: .float32, channels: channel == nil ? stored.header.channels : 1)
    }

    func read(_ box: Box, channel: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
        let values = bytes.bindMemory(to: Float.self)
        try stored.readFloats(box, channel: self.channel ?? channel, into: values)
        StoredProbability.decode(values)
    }
}
