internal import Volumes

extension VoxelSource {
    /// Reads class indices from the first channel; values other than whole numbers from 0 to 254 become 255, unlabeled.
    func classes(in box: Box) throws -> [UInt8] {
        if header.element == .uint8 { return try raw(box) }
        return try doubles(box).map { UInt8(exactly: $0) ?? AnnotatedSlice.unlabeled }
    }
}
