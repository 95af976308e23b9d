/// A model to be stored.
package struct NewModel: Sendable {
    package var name: String
    /// The name of the model it was fine-tuned from.
    package var parent: String?
    /// The names of its classes, in the order of its output channels.
    package var classes: [String]
    /// JSON, all `auto` filled in.
    package var recipe: String
    /// JSON of the network's architecture.
    package var configuration: String
    package var seed: Int64
    /// Identifies the labels it was trained on; `nil` if trained elsewhere.
    package var labelsHash: String?
    /// JSON.
    package var metrics: String?
    /// JSON: the slices kept out of training.
    package var heldOut: String?
    /// JSON: the revisions trained on, by volume.
    package var trainedOn: String?
    /// The `id` of the job that made it.
    package var job: Int64?
    /// The attempt of that job; `nil` if it doesn't matter.
    package var attempt: Int?

    package init(
        name: String, parent: String? = nil, classes: [String], recipe: String, configuration: String, seed: Int64 = 0,
        labelsHash: String? = nil, metrics: String? = nil, heldOut: String? = nil, trainedOn: String? = nil,
        job: Int64? = nil, attempt: Int? = nil
    ) {
        self.name = name
        self.parent = parent
        self.classes = classes
        self.recipe = recipe
        self.configuration = configuration
        self.seed = seed
        self.labelsHash = labelsHash
        self.metrics = metrics
        self.heldOut = heldOut
        self.trainedOn = trainedOn
        self.job = job
        self.attempt = attempt
    }
}
