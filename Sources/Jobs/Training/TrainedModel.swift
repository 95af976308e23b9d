internal import Foundation
internal import Network
internal import Store
internal import Training

/// A stored model with its decoded JSON.
struct TrainedModel: Sendable {
    let record: ModelRecord
    /// A failure if another version of the program wrote it with other fields.
    let recipe: Result<Recipe, any Error>
    /// The architecture, if it can be read.
    let configuration: UNetConfiguration?
    /// `nil` for a model made elsewhere.
    let metrics: TrainingMetrics?
    /// The slices that were held out of its training.
    let heldOut: [VolumeSlice]
    /// The slices that it learned from by volume; `nil` if that is unknown, as for a model made elsewhere.
    let trainedOn: [String: [AnnotatedRevision]]?
    /// Whether the stored lists of slices can't be read; what it learned from is then unknown.
    let isDamaged: Bool

    init(_ record: ModelRecord) {
        func decoded<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
            try JSONDecoder().decode(type, from: Data(text.utf8))
        }
        self.record = record
        recipe = Result { try Recipe(stored: Data(record.recipe.utf8)) }
        configuration = try? decoded(UNetConfiguration.self, record.configuration)
        metrics = record.metrics.flatMap { try? decoded(TrainingMetrics.self, $0) }
        let slices = try? (
            heldOut: record.heldOut.map { try decoded([VolumeSlice].self, $0) },
            trainedOn: record.trainedOn.map { try decoded([String: [AnnotatedRevision]].self, $0) }
        )
        isDamaged = slices == nil
        heldOut = slices?.heldOut ?? []
        trainedOn = slices?.trainedOn
    }

    var id: Int64 { record.id }
    var name: String { record.name }
    var classes: [String] { record.classes }

    /// The input channels that its recipe makes of a volume's channels, if the recipe can be read.
    private var inputs: InputFilters? { (try? recipe.get())?.inputs }

    /// The number of channels of its volumes: the network's without the features that its recipe adds.
    private var imageChannels: Int? { configuration.map { $0.channels / (inputs?.count ?? 1) } }

    /// Sets the architecture of this model in a recipe, if it can be read, as a training that starts from it does.
    func give(to recipe: inout Recipe) {
        let own = try? self.recipe.get()
        if let configuration { recipe.adopt(configuration, inputs: own?.inputs ?? .none, spacing: own?.spacing) }
    }

    /// Whether it can predict volumes of this number of channels.
    func takes(channels: Int) -> Bool { imageChannels == channels }

    /// Whether a training for these numbers of channels and classes can start from it.
    func canLearn(channels: Int, classes: Int) -> Bool {
        guard let configuration else { return false }
        return takes(channels: channels) && configuration.classes <= classes
    }
}

extension Store {
    /// The models of a project, newest first.
    func trainedModels(project: Int64) async throws -> [TrainedModel] {
        try await models(project: project).map { TrainedModel($0) }
    }
}
