internal import Store
internal import Training

/// The models that a model's weights come from, and what they have learnt from.
struct Lineage {
    /// The model itself and all that its trainings started from, youngest first.
    let models: [ModelRecord]
    /// The name of the one whose own origin can't be followed any more, as it was deleted.
    let lost: String?

    /// `all` are the models of its project.
    init(of model: ModelRecord, among all: [ModelRecord]) {
        var models = [model]
        while let name = models[models.count - 1].parent {
            // A name may have been given again since: a parent is older than its child.
            guard let parent = all.first(where: { $0.name == name && $0.id < models[models.count - 1].id }) else {
                lost = name
                self.models = models
                return
            }
            models.append(parent)
        }
        lost = nil
        self.models = models
    }

    /// The places of the slices that any of them, but the first `count`, has learnt from.
    func places(in volume: String, after count: Int = 0) throws -> Set<SlicePlace> {
        try models.dropFirst(count).reduce(into: []) { places, model in
            for slice in try model.trainedSlices()[volume] ?? [] {
                places.insert(SlicePlace(volume: volume, axis: slice.axis, index: slice.index))
            }
        }
    }

    /// What makes held-out scores on a volume doubtful.
    func warnings(about volume: String) throws -> [String] {
        var warnings: [String] = []
        let inherited = try places(in: volume, after: 1)
        let count = try models[0].heldOutSlices().count { inherited.contains($0) }
        if count > 0 {
            warnings.append(
                "\(count) of the held-out slices were learnt by a model that this one comes from: the held-out scores "
                    + "are too good. \"from\":\"scratch\" gives honest ones.")
        }
        if let foreign = models.first(where: { $0.trainedOn == nil }) {
            warnings.append(
                "The weights of \(foreign.name) were brought from elsewhere; slices that it may have learnt from there "
                    + "count as held out.")
        }
        if let lost {
            warnings.append(
                "The model \(lost) that this one comes from was deleted; slices that it may have learnt from count as "
                    + "held out.")
        }
        return warnings
    }
}
