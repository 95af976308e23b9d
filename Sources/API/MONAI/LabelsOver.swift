internal import Volumes

/// Labels over others: those below show where the upper ones are unlabeled.
struct LabelsOver: VoxelSource {
    let header: VolumeHeader
    private let upper: any VoxelSource
    private let lower: any VoxelSource

    /// Both are `uint8` with one channel, on the same grid.
    init(_ upper: any VoxelSource, over lower: any VoxelSource) {
        self.upper = upper
        self.lower = lower
        header = upper.header
    }

    func read(_ box: Box, channel: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
        try upper.read(box, channel: channel, into: bytes)
        guard bytes.contains(AnnotatedSlice.unlabeled) else { return }
        let below = try lower.labels(box)
        for place in bytes.indices where bytes[place] == AnnotatedSlice.unlabeled { bytes[place] = below[place] }
    }
}
