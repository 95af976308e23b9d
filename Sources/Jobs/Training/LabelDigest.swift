internal import Cryptography
internal import Foundation
internal import Text
internal import Volumes

/// The SHA-256 of the labels of a training: for each slice its volume, axis, index and values.
///
/// Slices are hashed in the order of volume, axis and index, with the newer label where they cross, so that the hash
/// does not depend on the order in which they were posted.
struct LabelDigest {
    private let hash = SHA256()

    /// `slices` are ordered oldest first, without those held out.
    func add(volume name: String, header: VolumeHeader, slices: [AnnotatedSlice]) throws {
        let merged = SparseLabels(of: header, slices: slices)
        let extent = header.extent
        let order = Axis.allCases
        let places = slices.map { (order.firstIndex(of: $0.axis) ?? 0, $0.index) }.sorted { $0 < $1 }
        for (axis, index) in places {
            hash.update("\(name) \(extent.z)x\(extent.y)x\(extent.x) \(order[axis].rawValue) \(index)\n".utf8)
            hash.update(try merged.labels(slice: SlicePosition(order[axis], index)))
        }
    }

    /// In lower-case hexadecimal digits.
    func text() -> String { hash.finalize().hexadecimal }
}
