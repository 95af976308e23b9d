internal import Network
internal import Store
internal import Training
internal import Volumes

extension TrainingPlanner {
    /// Bytes of a training step's memory for each voxel of the patch and each feature of the first level, at the least
    /// that was measured; see Documentation/Benchmarks.md.
    private static func bytesPerFeature(_ recipe: Recipe) -> Int { recipe.padding == .valid ? 28 : 80 }

    /// Refuses a training whose steps need more memory than there is.
    func checkMemory(for recipe: Recipe) throws(JobError) {
        guard let patch = recipe.patch.value, let base = recipe.base.value else { return }
        let features = [patch.z, patch.y, patch.x, recipe.batch, base, Self.bytesPerFeature(recipe)]
        let needed = features.reduce(1) { $0.multipliedReportingOverflow(by: $1).overflow ? .max : $0 * $1 }
        let room = Room.inMemory
        guard needed > room else { return }
        throw .invalid(
            field: "recipe",
            detail:
                "a step on \(recipe.batch) patch of \(patch.z)×\(patch.y)×\(patch.x) voxels with base \(base) needs "
                + "at least \(Room.words(needed)) of memory; the server may use \(Room.words(room)); choose a smaller "
                + "patch, batch or base")
    }

    /// Refuses predictions that may need more room on the disk than there is.
    func checkDisk(for volumes: [VolumeRecord], classes: Int, field: String) throws(JobError) {
        let voxels = volumes.reduce(0) { $0 + $1.header.extent.voxels }
        let (needed, isHuge) = voxels.multipliedReportingOverflow(by: 1 + 2 * classes)
        guard let room = Room.onDisk(of: store.folder), isHuge || needed > room else { return }
        throw .invalid(
            field: field,
            detail: "predicting \(volumes.map(\.name).prefix(20).joined(separator: ", ")) needs up to "
                + "\(Room.words(isHuge ? .max : needed)) on the server's disk (for each voxel a label and \(classes) "
                + "probabilities, \(1 + 2 * classes) bytes); \(Room.words(room)) are free; delete what is no longer needed, "
                + "or predict fewer volumes")
    }
}
