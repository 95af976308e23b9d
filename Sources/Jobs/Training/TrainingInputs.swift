internal import Foundation
internal import Network
internal import Store
internal import Training
internal import Volumes

/// What a training learns from: its plan with all that the plan names.
struct TrainingInputs: Sendable {
    var plan: TrainingPlan
    var volumes: [TrainingVolume]
    /// SHA-256 of the labels to learn from.
    var labelsHash: String
    /// The model to start from.
    var start: Checkpoint?
    /// What an interrupted attempt left to go on from.
    var resume: Checkpoint?

    /// Those of the network that learns.
    var dimensions: Int { start?.configuration.dimensions ?? plan.recipe.dimensions }

    /// Loads what a plan names.
    ///
    /// - Throws: `StoreError.notFound` or `.conflict` if something of it is no longer there.
    init(_ plan: TrainingPlan, resume: Checkpoint?, store: Store, planner: TrainingPlanner) async throws {
        self.plan = plan
        self.resume = resume
        volumes = []
        let hash = LabelDigest()
        for planned in plan.volumes.sorted(by: { $0.name < $1.name }) {
            let volume = try await store.volume(id: planned.id)
            guard volume.image == planned.image else {
                throw StoreError.conflict("the volume \"\(volume.name)\" was replaced")
            }
            var slices: [AnnotatedSlice] = []
            for slice in planned.slices {
                let values = try await store.values(volume: volume.id, revision: slice.revision)
                slices.append(AnnotatedSlice(axis: slice.axis, index: slice.index, values: values))
            }
            let heldOut = plan.heldOut.filter { $0.volume == planned.name }
            let split = try planner.split(.slices(heldOut), slices, of: volume, named: planned.name)
            try hash.add(volume: planned.name, header: volume.header, slices: split.training)
            volumes.append(
                TrainingVolume(
                    name: planned.name, image: try store.source(grid: volume.image), statistics: volume.statistics,
                    slices: split.training, heldOut: split.heldOut))
        }
        labelsHash = hash.text()
        if resume == nil, let parent = plan.parent {
            start = try Checkpoint(await store.weights(model: parent.id))
        }
    }
}

extension TrainingPlanner {
    /// Decides a training: the newest labels, and every default.
    func plan(_ request: TrainingRequest) async throws -> TrainingPlan {
        let sources = try await sources(request.volumes)
        let holdout = request.holdout ?? .slices([])
        var volumes: [TrainingPlan.Volume] = []
        var heldOut: [Holdout.Slice] = []
        for source in sources {
            let annotated = try await store.annotatedSlices(volume: source.volume.id).filter(\.record.isLabelled)
            let name = source.volume.name
            let kept = try split(holdout, annotated.map(\.slice), of: source.volume, named: name).heldOut
            heldOut += kept.map { Holdout.Slice(volume: name, axis: $0.axis, index: $0.index) }
            volumes.append(
                TrainingPlan.Volume(
                    id: source.volume.id, name: name, image: source.volume.image,
                    slices: annotated.map {
                        TrainingPlan.Slice(axis: $0.slice.axis, index: $0.slice.index, revision: $0.record.revision)
                    }))
        }
        let parent = try await parent(request.from, channels: sources[0].volume.header.channels)
        let recipe = try request.parsedRecipe()
        return TrainingPlan(
            volumes: volumes, heldOut: heldOut, parent: parent.map { TrainingPlan.Parent(id: $0.id, name: $0.name) },
            recipe: recipe, budget: request.budget ?? recipe.preset.budget,
            classes: project.classes.map(\.name))
    }
}
