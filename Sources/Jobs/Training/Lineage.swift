internal import Store
internal import Training
internal import Volumes

/// A model and its ancestors, and the slices that they learned from.
struct Lineage {
    /// The model and those that it was fine-tuned from in turn, newest first.
    let models: [TrainedModel]
    /// The name of the first ancestor that was deleted, so that its own ancestors are unknown.
    let lost: String?

    /// `all` is every model of the project.
    init(of model: TrainedModel, among all: [TrainedModel]) {
        var models = [model]
        while let name = models[models.count - 1].record.parent {
            // The name may have been reused since: a parent is older than its child.
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

    /// The positions of the slices of a volume that any model except the first `count` learned from.
    func positions(in volume: String, after count: Int = 0) -> Set<SlicePosition> {
        models.dropFirst(count).reduce(into: []) { positions, model in
            positions.formUnion((model.trainedOn?[volume] ?? []).map(\.position))
        }
    }

    /// Warnings about held-out scores on a volume that may be too good.
    func warnings(about volume: String) -> [String] {
        var warnings: [String] = []
        let inherited = positions(in: volume, after: 1)
        let count = models[0].heldOut.count { $0.volume == volume && inherited.contains($0.position) }
        if count > 0 {
            warnings.append(
                "\(count) of the held-out slices \(count == 1 ? "was" : "were") used to train a model that this one comes from: the held-out "
                    + "scores are too good. Train with \"from\":\"scratch\" for unbiased ones.")
        }
        if let foreign = models.first(where: { $0.trainedOn == nil }) {
            warnings.append(
                foreign.isDamaged
                    ? "The list of slices that \(foreign.name) has learned from is damaged; slices that it may have "
                        + "learned from count as held out."
                    : "The weights of \(foreign.name) were uploaded; slices that it may have learned from elsewhere "
                        + "count as held out.")
        }
        if let lost {
            warnings.append(
                "The model \(lost) that this one comes from was deleted; slices that it may have learned from count as "
                    + "held out.")
        }
        return warnings
    }
}
