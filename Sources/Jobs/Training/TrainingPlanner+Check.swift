internal import Network
internal import Store
internal import Training
internal import Volumes

extension TrainingPlanner {
    /// Checks what can be known of a request before the job starts.
    func check(_ request: TrainingRequest) async throws {
        let sources = try await sources(request.volumes)
        let volumes = sources.map(\.volume)
        let channels = sources[0].volume.header.channels
        let start = try await parent(request.from, channels: channels)
        for volume in volumes {
            guard let flaw = volume.statistics.flaw(of: volume.header) else { continue }
            throw JobError.invalid(
                field: "volumes",
                detail: "in the volume \"\(volume.name)\" \(flaw), so nothing can be learned from it; name other "
                    + "volumes, or upload its image again")
        }
        var recipe = try request.parsedRecipe()
        start?.give(to: &recipe)
        try checkMemory(for: try resolve(recipe, for: volumes), sources)
        try check(recipe.loss)
        try check(recipe.sampling.learnedAxes(in: recipe.dimensions), request.holdout, sources)
        try check(request.holdout, sources)
        let all = try await store.volumes(project: project.id)
        let predicted = try chosen(request.predict ?? [], of: all, field: "predict")
        try check(channels: predicted, as: channels, field: "predict")
        if let network = try? recipe.configuration(channels: channels, classes: project.classes.count).graph {
            try checkMemory(
                toPredict: request.predict == nil ? volumes : predicted, with: network, field: "recipe")
        }
        try checkDisk(
            for: request.predict == nil ? volumes : predicted, classes: project.classes.count, field: "predict")
    }

    /// The number of class weights, if given, must be that of the classes.
    func check(_ loss: LossSettings) throws(JobError) {
        do throws(TrainingError) {
            _ = try loss.weights(counts: [Int](repeating: 1, count: project.classes.count))
        } catch {
            guard case .invalid(let field, let detail) = error else { throw JobError(error, field: "recipe") }
            throw .invalid(field: "recipe.\(field)", detail: detail)
        }
    }

    /// A 2-D network may learn only from z planes.
    private func check(_ axes: [Axis], _ holdout: Holdout?, _ sources: [Source]) throws(JobError) {
        var kept: [VolumeSlice] = []
        if case .slices(let slices)? = holdout { kept = slices }
        guard axes == [.z] else { return }
        let isLeft = sources.contains { source in
            source.annotations.contains { annotation in
                let place = VolumeSlice(volume: source.volume.name, at: annotation.position)
                return annotation.axis == .z && annotation.isLabelled && !kept.contains(place)
            }
        }
        guard !isLeft else { return }
        throw .invalid(
            field: "recipe.dimensions",
            detail: "is 2, and such a network learns only from slices on axis z; none is annotated there, or all "
                + "are held out; \"sampling\":{\"planes\":\"all\"} takes those on other axes as well")
    }

    /// Held-out slices must be annotated, and at least one annotated slice must not be held out.
    private func check(_ holdout: Holdout?, _ sources: [Source]) throws(JobError) {
        guard case .slices(let slices)? = holdout else { return }
        for slice in slices {
            guard let source = sources.first(where: { $0.volume.name == slice.volume }) else {
                throw .invalid(
                    field: "holdout.slices",
                    detail: "the volume \"\(slice.volume.prefix(80))\" is not one of those to learn from")
            }
            guard !source.test.contains(where: { $0.position == slice.position }) else {
                throw .invalid(
                    field: "holdout.slices",
                    detail: "\(slice.position) of \"\(slice.volume)\" is a test slice, which is kept out of every "
                        + "training anyway")
            }
            guard source.annotations.contains(where: { $0.position == slice.position && $0.isLabelled }) else {
                throw .invalid(
                    field: "holdout.slices",
                    detail: "\(slice.position) of \"\(slice.volume)\" is not annotated; only annotated slices can be "
                        + "held out")
            }
        }
        let rest = sources.contains { source in
            source.annotations.contains { annotation in
                annotation.isLabelled
                    && !slices.contains(VolumeSlice(volume: source.volume.name, at: annotation.position))
            }
        }
        guard rest else {
            throw .invalid(field: "holdout.slices", detail: "names every annotated slice; at least one must be left")
        }
    }
}
