internal import Foundation
internal import Network
internal import Store
internal import Training
internal import Volumes

/// Finds what a training request means in its project; refuses by field what can't be meant.
struct TrainingPlanner {
    let store: Store
    let project: ProjectRecord

    /// A volume with the current revisions of its annotated slices, oldest first.
    struct Source {
        var volume: VolumeRecord
        var annotations: [AnnotationRecord]

        /// Whether a class is given anywhere.
        var isAnnotated: Bool { annotations.contains(where: \.isLabelled) }
    }

    /// The volumes to learn from, or at least to score on where a truth is enough.
    func sources(_ names: [String]?, orTruth: Bool = false) async throws -> [Source] {
        func isFit(_ source: Source) -> Bool { source.isAnnotated || orTruth && source.volume.truth != nil }
        let all = try await store.volumes(project: project.id)
        var sources: [Source] = []
        for volume in try chosen(names, of: all, field: "volumes") {
            sources.append(
                Source(volume: volume, annotations: try await store.currentAnnotations(volume: volume.id)))
        }
        if names == nil {
            sources.removeAll { !isFit($0) }
        } else if let bare = sources.first(where: { !isFit($0) }) {
            throw JobError.invalid(
                field: "volumes",
                detail: "the volume \"\(bare.volume.name)\" has no annotated slice; annotate one or leave it out")
        }
        guard let first = sources.first else {
            throw JobError.invalid(
                field: "volumes",
                detail: "no volume of the project \"\(project.name)\" has an annotated slice; "
                    + "a training needs at least one")
        }
        try check(channels: sources.map(\.volume), as: first.volume.header.channels, field: "volumes")
        return sources
    }

    /// The volumes of a list of names, all for `nil`.
    func chosen(_ names: [String]?, of all: [VolumeRecord], field: String) throws(JobError) -> [VolumeRecord] {
        guard let names else { return all }
        if names.isEmpty, field == "volumes" {
            throw .invalid(field: field, detail: "is empty; name a volume or leave it out for all there are")
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
            detail: "the volume \"\(other.name)\" has \(other.header.channels) channels where \(channels) are needed; "
                + "a network takes volumes of the same channels")
    }

    /// The model to start from; `nil` from scratch.
    ///
    /// `latest` is the newest model of as many channels and no more classes; one asked for by name must be such.
    func parent(_ from: String?, channels: Int) async throws -> ModelRecord? {
        let from = from ?? "latest"
        guard from != "scratch" else { return nil }
        let models = try await store.models(project: project.id)
        let classes = project.classes.count
        guard from != "latest" else { return models.first { $0.canLearn(channels: channels, classes: classes) } }
        guard let model = models.first(where: { $0.name == from }) else {
            throw JobError.invalid(
                field: "from",
                detail: "there is no model \"\(from.prefix(80))\" in the project \"\(project.name)\"; "
                    + "\"latest\", \"scratch\" or a model's name is right, and " + listing(models.map(\.name)))
        }
        guard model.canLearn(channels: channels, classes: classes) else {
            throw JobError.invalid(
                field: "from",
                detail: "the model \"\(from)\" is for other data: the volumes have \(channels) channels and the "
                    + "project \(classes) classes; \"scratch\" makes a new one")
        }
        return model
    }

    /// Divides the slices into those to learn from and those held out.
    func split(
        _ holdout: Holdout, _ slices: [AnnotatedSlice], of volume: VolumeRecord, named name: String
    ) throws(JobError) -> (training: [AnnotatedSlice], heldOut: [AnnotatedSlice]) {
        do throws(TrainingError) {
            return try holdout.split(slices, volume: name, extent: volume.header.extent)
        } catch {
            throw JobError(error, field: "holdout")
        }
    }

    /// The recipe with all `auto` filled in.
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

extension AnnotationRecord {
    /// Whether it gives a class to any voxel.
    var isLabelled: Bool { counts.contains { $0.key != Int(AnnotatedSlice.unlabeled) && $0.value > 0 } }
}

extension ModelRecord {
    /// The architecture, if it can be read.
    private var shape: UNetConfiguration? {
        try? JSONDecoder().decode(UNetConfiguration.self, from: Data(configuration.utf8))
    }

    /// Channels of the volumes it is for: the network's without the features that its recipe adds.
    private var imageChannels: Int? {
        let features = (try? Recipe(json: Data(recipe.utf8)))?.inputs.count ?? 1
        return shape.map { $0.channels / features }
    }

    /// Gives a recipe the architecture that a training which starts from this model has, if it can be read.
    func give(to recipe: inout Recipe) {
        guard let shape else { return }
        recipe.adopt(shape, inputs: (try? Recipe(json: Data(self.recipe.utf8)))?.inputs ?? .none)
    }

    /// Whether it takes volumes of so many channels.
    func takes(channels: Int) -> Bool { imageChannels == channels }

    /// Whether a training for so many channels and classes can start from it.
    func canLearn(channels: Int, classes: Int) -> Bool {
        guard let shape else { return false }
        return imageChannels == channels && shape.classes <= classes
    }
}
