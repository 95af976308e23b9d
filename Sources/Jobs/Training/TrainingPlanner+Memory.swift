internal import Network
internal import Store
internal import Text
internal import Training
internal import Volumes

extension TrainingPlanner {
    /// Bytes of memory that a training needs at least.
    struct Need {
        var activations: Int
        var weights: Int
        var labels: Int

        /// Those of a step.
        var step: Int { activations.addingReportingOverflow(weights).overflow ? .max : activations + weights }
    }

    /// What a training needs by a recipe that is resolved; `nil` for one that isn't.
    func need(of recipe: Recipe, _ sources: [Source]) -> Need? {
        let classes = project.classes.count
        let activations = recipe.activationBytes(
            for: sources.map(\.volume.header), classes: classes,
            slicesOn: Set(sources.flatMap(\.annotations).map(\.axis)))
        return activations.map { activations in
            Need(
                activations: activations, weights: Self.bytes(ofWeights: recipe, sources, classes: classes),
                labels: Self.bytes(ofLabels: sources))
        }
    }

    /// Refuses a training whose labels and steps need more memory than is available.
    func checkMemory(for recipe: Recipe, _ sources: [Source]) throws(JobError) {
        guard let room = memory, let patch = recipe.patch.value, let base = recipe.base.value,
            let need = need(of: recipe, sources)
        else { return }
        let (activations, weights, labels, step) = (need.activations, need.weights, need.labels, need.step)
        guard step > room - labels else { return }
        if labels > room / 2 {
            throw .invalid(
                field: "volumes",
                detail:
                    "the annotated slices to learn from need \(SystemResources.words(labels)) of memory; "
                    + "the server may use \(SystemResources.words(room)), including the steps; name fewer volumes, "
                    + "or clear slices: some dozens per volume are enough")
        }
        if weights > activations, let levels = recipe.levels.value {
            throw .invalid(
                field: "recipe",
                detail:
                    "a network of \(levels) levels with base \(base) needs at least "
                    + "\(SystemResources.words(weights)) of memory for its weights; the server may use "
                    + "\(SystemResources.words(room)), including the steps; choose fewer levels or a smaller base")
        }
        throw .invalid(
            field: "recipe",
            detail:
                "steps on \(recipe.batch.counting("patch", many: "patches")) of \(patch.z)×\(patch.y)×\(patch.x) voxels with base \(base) "
                + "need at least \(SystemResources.words(step)) of memory; the server may use "
                + "\(SystemResources.words(room - labels)); choose a smaller patch, batch or base")
    }

    /// Bytes per weight of a network during training: value, gradient, moments, its forms for the kernels, and copies
    /// to be stored; measured with base 64, 5 levels and patches of 16³: 14.8 GB for 308 million; and the weights to go
    /// back to, and their copy.
    private static let bytesPerWeight = 56

    private static func bytes(ofWeights recipe: Recipe, _ sources: [Source], classes: Int) -> Int {
        let channels = sources.first?.volume.header.channels ?? 1
        let network = try? recipe.configuration(channels: channels, classes: classes)
        return (network?.graph.parameterCount ?? 0) * bytesPerWeight
    }

    /// Bytes for the slices and for finding their voxels by class: two for each voxel, and four more for each labelled
    /// one.
    private static func bytes(ofLabels sources: [Source]) -> Int {
        sources.flatMap(\.annotations).reduce(0) { sum, annotation in
            let voxels = annotation.counts.values.reduce(0, +)
            return sum + 2 * voxels + 4 * (voxels - (annotation.counts[Int(AnnotatedSlice.unlabeled)] ?? 0))
        }
    }

    /// Refuses predictions of which not even the smallest tile fits the memory.
    func checkMemory(
        toPredict volumes: [VolumeRecord], with network: NetworkGraph, field: String
    ) throws(JobError) {
        guard let memory else { return }
        try Self.checkMemory(memory, toPredict: volumes, with: network, field: field)
    }

    /// The same for a memory of so many bytes, by default that of this machine.
    static func checkMemory(
        _ room: Int = SystemResources.inMemory, toPredict volumes: [VolumeRecord], with network: NetworkGraph,
        field: String
    ) throws(JobError) {
        for volume in volumes {
            let plan = TilePlan(volume: volume.header.extent, network: network, memory: SystemResources.forTiles)
            let bytes = plan.bytes(with: network)
            guard bytes > room else { continue }
            throw .invalid(
                field: field,
                detail:
                    "predicting \"\(volume.name)\" needs at least \(SystemResources.words(bytes)) of memory, for the "
                    + "\(network.parameterCount) weights of the network and its smallest tile; the server may use "
                    + "\(SystemResources.words(room)); choose a smaller network")
        }
    }

    /// Refuses predictions that may need more disk space than is free.
    func checkDisk(for volumes: [VolumeRecord], classes: Int, field: String) throws(JobError) {
        let voxels = volumes.reduce(0) { $0 + $1.header.extent.voxels }
        let (needed, isHuge) = voxels.multipliedReportingOverflow(by: 1 + 2 * classes)
        guard let room = FreeSpace.bytes(at: store.folder), isHuge || needed > room else { return }
        throw .invalid(
            field: field,
            detail: "predicting \(volumes.map(\.name).prefix(20).joined(separator: ", ")) needs up to "
                + "\(SystemResources.words(isHuge ? .max : needed)) on the server's disk (for each voxel a label and "
                + "\(classes) probabilities, \(1 + 2 * classes) bytes); \(SystemResources.words(room)) are free; "
                + "delete what is not needed, or predict fewer volumes")
    }
}
