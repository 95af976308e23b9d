internal import Volumes

/// The labels of an uploaded file on the grid of their volume.
struct UploadedLabels: Sendable {
    /// Class indices, 255 where the file has no voxel.
    let source: any VoxelSource
    /// The file's voxels by class.
    let counts: [Int: Int]
    /// How many voxels the volume has that the file doesn't.
    let outside: Int

    /// How many of the file's voxels were taken as unlabeled.
    var unlabeled: Int { counts[Int(AnnotatedSlice.unlabeled)] ?? 0 }
}
