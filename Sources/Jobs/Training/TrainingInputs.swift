internal import Network
internal import Store
internal import Training
internal import Volumes

/// The inputs of a training: its plan with everything that the plan names.
struct TrainingInputs: Sendable {
    var plan: TrainingPlan
    var volumes: [TrainingVolume]
    /// The voxels of each volume in the store.
    var images: [VoxelGridID] = []
    /// SHA-256 of the labels to learn from.
    var labelsHash: String
    /// The model to start from.
    var start: Checkpoint?
    /// The checkpoint of an interrupted attempt.
    var resume: Checkpoint?

    /// The axes whose slices are learned from.
    var axes: [Axis] {
        plan.recipe.sampling.learnedAxes(in: start?.configuration.dimensions ?? plan.recipe.dimensions)
    }

    /// What is computed of it, with so many seconds between checkpoints.
    func unit(every interval: Double) -> TrainingUnit {
        TrainingUnit(
            volumes: volumes, images: images, classes: plan.classes, recipe: plan.recipe, budget: plan.budget,
            start: start, resume: resume, interval: interval)
    }

    /// Loads the volumes, labels and start model of a plan.
    ///
    /// - Throws: `StoreError.notFound` or `.conflict` if any of them was deleted or replaced.
    init(_ plan: TrainingPlan, resume: Checkpoint?, from store: Store) async throws {
        self.plan = plan
        self.resume = resume
        volumes = []
        let hash = LabelDigest()
        let snapshot = try await LabelSnapshot(plan.volumes.sorted { $0.name < $1.name }, from: store)
        for volume in snapshot.volumes {
            let heldOut = Holdout.slices(plan.heldOut.filter { $0.volume == volume.name })
            let split: (training: [AnnotatedSlice], heldOut: [AnnotatedSlice])
            do throws(TrainingError) {
                split = try heldOut.split(volume.slices, volume: volume.name, extent: volume.record.header.extent)
            } catch {
                throw JobError(error, field: "holdout")
            }
            try hash.add(volume: volume.name, header: volume.record.header, slices: split.training)
            images.append(volume.record.image)
            volumes.append(
                TrainingVolume(
                    name: volume.name, image: volume.image, statistics: volume.record.statistics,
                    slices: split.training, heldOut: split.heldOut))
        }
        labelsHash = hash.text()
        if resume == nil, let parent = plan.parent {
            start = try Checkpoint(await store.weights(model: parent.id))
        }
    }
}
