internal import Foundation
internal import Synchronization
internal import Volumes

/// The slices that were unpacked last: of those that posts at the same time make, each needs all before it.
final class UnpackedSlices: Sendable {
    /// The most bytes of values.
    private static let limit = 32 << 20

    /// Found by all of their packed bytes, so that it doesn't matter which transaction made them, nor whether it was
    /// taken back.
    private let slices = Mutex<[(labels: Data, slice: AnnotatedSlice)]>([])

    func slice(at position: SlicePosition, unpacking labels: Data, in extent: Extent) throws -> AnnotatedSlice {
        let voxels = position.voxels(in: extent)
        let known = slices.withLock { slices in
            slices.last {
                $0.slice.position == position && $0.slice.values.count == voxels && $0.labels == labels
            }
        }
        if let known { return known.slice }
        let slice = try AnnotatedSlice(at: position, unpacking: labels, in: extent)
        slices.withLock { slices in
            slices.append((labels, slice))
            while slices.reduce(0, { $0 + $1.slice.values.count }) > Self.limit { slices.removeFirst() }
        }
        return slice
    }
}
