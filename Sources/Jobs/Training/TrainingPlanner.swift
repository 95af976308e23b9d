internal import Foundation
internal import Network
internal import Store
internal import Text
internal import Training
internal import Volumes

/// Plans the trainings that requests ask for in a project; an invalid request is refused with the field at fault.
struct TrainingPlanner {
    let store: Store
    let project: ProjectRecord
    /// Bytes that a job may need; `nil` if that is not known.
    var memory: Int? = SystemResources.inMemory

    /// A volume with the current revisions of its annotated slices, oldest first.
    struct Source {
        var volume: VolumeRecord
        /// Those to learn from.
        var annotations: [AnnotationRecord]
        /// Those that are only measured on.
        var test: [AnnotationRecord]

        init(_ volume: VolumeRecord, _ annotations: [AnnotationRecord]) {
            self.volume = volume
            self.annotations = annotations.filter { $0.role != .test }
            test = annotations.filter { $0.role == .test }
        }

        /// Whether any voxel of any slice to learn from has a class.
        var isAnnotated: Bool { annotations.contains(where: \.isLabelled) }
    }

    /// Plans a training: picks the newest labels and fills in every default.
    func plan(_ request: TrainingRequest) async throws -> TrainingPlan {
        let sources = try await sources(request.volumes)
        let volumes = sources.map { PlannedVolume($0) }
        let parent = try await parent(request.from, channels: sources[0].volume.header.channels)
        let recipe = try request.parsedRecipe()
        let removed = project.classes.indices.filter { project.classes[$0].isRemoved }
        return TrainingPlan(
            volumes: volumes, heldOut: try volumes.flatMap { try heldOut(request.holdout ?? .slices([]), of: $0) },
            parent: parent.map { TrainingPlan.Parent(id: $0.id, name: $0.name) }, recipe: recipe,
            budget: request.budget ?? recipe.preset.budget, classes: project.classes.map(\.name),
            removed: removed.isEmpty ? nil : removed)
    }

    private func heldOut(_ holdout: Holdout, of volume: PlannedVolume) throws(JobError) -> [VolumeSlice] {
        do throws(TrainingError) {
            return try holdout.chosen(among: volume.slices.map(\.position), volume: volume.name).map {
                VolumeSlice(volume: volume.name, at: $0)
            }
        } catch {
            throw JobError(error, field: "holdout")
        }
    }

    /// The volumes to learn from; with `orTruth` also those that only have a truth to score on.
    func sources(_ names: [String]?, orTruth: Bool = false) async throws -> [Source] {
        func isFit(_ source: Source) -> Bool { source.isAnnotated || orTruth && source.volume.truth != nil }
        let chosen = try chosen(names, of: try await store.volumes(project: project.id), field: "volumes")
        let annotations = try await store.currentAnnotations(volumes: chosen.map(\.id))
        let all = zip(chosen, annotations).map { Source($0, $1) }
        if names != nil, let bare = all.first(where: { !isFit($0) }) {
            throw JobError.invalid(
                field: "volumes",
                detail: bare.test.isEmpty
                    ? "the volume \"\(bare.volume.name)\" has no annotated slice; annotate one or leave it out"
                    : "the volume \"\(bare.volume.name)\" has only test slices, which are never learned from; annotate "
                        + "another slice or leave it out")
        }
        let sources = all.filter(isFit)
        guard let first = sources.first else {
            throw JobError.invalid(
                field: "volumes",
                detail: "no volume of the project \"\(project.name)\" has an annotated slice"
                    + (all.allSatisfy(\.test.isEmpty) ? "" : " besides test slices, which are never learned from")
                    + "; a training needs at least one")
        }
        try check(channels: sources.map(\.volume), as: first.volume.header.channels, field: "volumes")
        return sources
    }

    /// The volumes of a list of names; `nil` is all of them.
    func chosen(_ names: [String]?, of all: [VolumeRecord], field: String) throws(JobError) -> [VolumeRecord] {
        guard let names else { return all }
        if names.isEmpty, field == "volumes" {
            throw .invalid(field: field, detail: "is empty; name a volume, or leave the field out for all of them")
        }
        var chosen: [VolumeRecord] = []
        for name in names {
            guard let volume = all.first(where: { $0.name == name }) else {
                throw .invalid(
                    field: field,
                    detail: "there is no volume \"\(name.prefix(80))\" in the project \"\(project.name)\"; "
                        + listing(all.map(\.name)))
            }
            chosen.append(volume)
        }
        return chosen
    }

    func check(channels volumes: [VolumeRecord], as channels: Int, field: String) throws(JobError) {
        guard let other = volumes.first(where: { $0.header.channels != channels }) else { return }
        throw .invalid(
            field: field,
            detail: "the volume \"\(other.name)\" has \(other.header.channels.counting("channel")), and \(channels) "
                + "\(channels == 1 ? "is" : "are") needed; "
                + "all volumes of a network must have the same number of channels")
    }

    /// The model to start from; `nil` from scratch.
    ///
    /// `latest` is the newest finished model with the same number of channels and no more classes; a named model must have
    /// these numbers.
    func parent(_ from: String?, channels: Int) async throws -> TrainedModel? {
        let from = from ?? "latest"
        guard from != "scratch" else { return nil }
        let models = try await store.trainedModels(project: project.id)
        let classes = project.classes.count
        guard from != "latest" else {
            return models.first { $0.record.state == .succeeded && $0.canLearn(channels: channels, classes: classes) }
        }
        guard let model = models.first(where: { $0.name == from }) else {
            throw JobError.invalid(
                field: "from",
                detail: "there is no model \"\(from.prefix(80))\" in the project \"\(project.name)\"; "
                    + "use \"latest\", \"scratch\" or a model's name; " + listing(models.map(\.name)))
        }
        guard model.canLearn(channels: channels, classes: classes) else {
            throw JobError.invalid(
                field: "from",
                detail:
                    "the model \"\(from)\" is for other data: the volumes have \(channels.counting("channel")) and the "
                    + "project \(classes.counting("class", many: "classes")); \"scratch\" makes a new one")
        }
        return model
    }

    /// The recipe with every `auto` filled in.
    func resolve(_ recipe: Recipe, for volumes: [VolumeRecord]) throws(JobError) -> Recipe {
        do throws(TrainingError) {
            return try recipe.resolved(for: volumes.map(\.header), classes: project.classes.count)
        } catch {
            throw JobError(error, field: "recipe")
        }
    }

    private func listing(_ names: [String]) -> String {
        names.isEmpty ? "it has none" : "it has \(names.prefix(20).joined(separator: ", "))"
    }
}
