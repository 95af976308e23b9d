internal import Store
internal import Training
internal import Volumes

/// The models that a model's weights come from, and what they have learnt from.
struct Lineage {
    /// The model itself and all that its trainings started from, youngest first.
    let models: [TrainedModel]
    /// The name of the one whose own origin can't be followed any more, as it was deleted.
    let lost: String?

    /// `all` are the models of its project.
    init(of model: TrainedModel, among all: [TrainedModel]) {
        var models = [model]
        while let name = models[models.count - 1].record.parent {
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

    /// Where the slices of a volume lie that any of them, but the first `count`, has learnt from.
    func positions(in volume: String, after count: Int = 0) -> Set<SlicePosition> {
        models.dropFirst(count).reduce(into: []) { positions, model in
            positions.formUnion((model.trainedOn?[volume] ?? []).map(\.position))
        }
    }

    /// What makes held-out scores on a volume doubtful.
    func warnings(about volume: String) -> [String] {
        var warnings: [String] = []
        let inherited = positions(in: volume, after: 1)
        let count = models[0].heldOut.count { $0.volume == volume && inherited.contains($0.position) }
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
