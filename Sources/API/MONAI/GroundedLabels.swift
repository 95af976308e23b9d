internal import Volumes

/// Painted segments, and what the voxels without one are.
///
/// `painted` holds class indices, 255 in no segment, and `silent` in those of which nothing shall be said.
struct GroundedLabels: VoxelSource {
    static let silent: UInt8 = 254

    static func isSegment(_ label: UInt8) -> Bool { label < silent }

    let header: VolumeHeader
    private let painted: any VoxelSource
    private let ground: UInt8?
    private let slices: SegmentSlices?

    /// `ground` is the class of voxels in no segment, only in the slices if there are some; `nil` if they have none.
    init(_ painted: any VoxelSource, ground: UInt8?, in slices: SegmentSlices? = nil) {
        self.painted = painted
        self.ground = ground
        self.slices = slices
        header = painted.header
    }

    func read(_ box: Box, channel: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
        try painted.read(box, channel: channel, into: bytes)
        let ground = ground ?? AnnotatedSlice.unlabeled
        var place = 0
        for z in box.range(.z) {
            for y in box.range(.y) {
                for x in box.range(.x) {
                    defer { place += 1 }
                    if bytes[place] == Self.silent {
                        bytes[place] = AnnotatedSlice.unlabeled
                    } else if bytes[place] == AnnotatedSlice.unlabeled, slices?.contains(z, y, x) ?? true {
                        bytes[place] = ground
                    }
                }
            }
        }
    }
}
