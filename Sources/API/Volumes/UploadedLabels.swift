internal import Foundation
internal import HTTP
internal import Volumes

/// The labels of an uploaded file on the grid of their volume.
struct UploadedLabels: Sendable {
    /// Class indices, 255 where the file has no voxel.
    let source: any VoxelSource
    /// The file's voxels by class.
    let counts: [Int: Int]
    /// How many voxels the volume has that the file doesn't.
    let outside: Int
    /// Why they may not be what was meant.
    let doubt: HTTPError?

    /// How many of the file's voxels were taken as unlabeled.
    var unlabeled: Int { counts[Int(AnnotatedSlice.unlabeled)] ?? 0 }
}

extension ClassMapping {
    /// Maps a label volume's numbers, indices or colours to classes, and counts them.
    ///
    /// `found` are the values that occur, in order, `nil` if they are very many or plain numbers.
    func labels(
        of file: PlacedVolume, _ kind: LabelPicture.Kind, _ found: [Double]?, scratch: URL
    ) throws -> UploadedLabels {
        let reading = try reading(of: kind, found, in: "the label volume")
        do {
            let labels = try file.labels(reading.mapping, scratch: scratch)
            var counts = try labels.labelCounts()
            counts[Int(AnnotatedSlice.unlabeled), default: 0] -= file.outside
            counts = counts.filter { $0.value > 0 }
            let classes = kind == .numbers ? counts.keys.sorted().map(Double.init) : []
            return UploadedLabels(
                source: labels, counts: counts, outside: file.outside,
                doubt: reading.doubt ?? maskDoubt(classes, in: "the label volume"))
        } catch VolumeError.unmappedLabel(let value, let voxel) {
            let found = try found ?? LabelVolume(file.source).distinctValues()
            throw unmapped(value, at: "z \(voxel.z), y \(voxel.y), x \(voxel.x)", by: reading, among: found)
        }
    }
}
