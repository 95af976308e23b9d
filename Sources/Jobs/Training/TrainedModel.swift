internal import Foundation
internal import Network
internal import Store
internal import Training

/// A model of the store with what its JSON tells of it, read once.
struct TrainedModel: Sendable {
    let record: ModelRecord
    /// A failure where a version of the program wrote it that had other fields.
    let recipe: Result<Recipe, any Error>
    /// The architecture, if it can be read.
    let configuration: UNetConfiguration?
    /// `nil` for a model made elsewhere.
    let metrics: TrainingMetrics?
    /// The slices that were held out of its training.
    let heldOut: [VolumeSlice]
    /// The slices that it learnt from by volume; `nil` for a model made elsewhere.
    let trainedOn: [String: [AnnotatedRevision]]?

    init(_ record: ModelRecord) throws {
        func decoded<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
            try JSONDecoder().decode(type, from: Data(text.utf8))
        }
        self.record = record
        recipe = Result { try Recipe(json: Data(record.recipe.utf8)) }
        configuration = try? decoded(UNetConfiguration.self, record.configuration)
        metrics = record.metrics.flatMap { try? decoded(TrainingMetrics.self, $0) }
        heldOut = try record.heldOut.map { try decoded([VolumeSlice].self, $0) } ?? []
        trainedOn = try record.trainedOn.map { try decoded([String: [AnnotatedRevision]].self, $0) }
    }

    var id: Int64 { record.id }
    var name: String { record.name }
    var classes: [String] { record.classes }

    /// The inputs that its recipe makes of a volume's channels, if it can be read.
    private var inputs: InputFilters? { (try? recipe.get())?.inputs }

    /// Channels of the volumes it is for: the network's without the features that its recipe adds.
    private var imageChannels: Int? { configuration.map { $0.channels / (inputs?.count ?? 1) } }

    /// Gives a recipe the architecture that a training which starts from this model has, if it can be read.
    func give(to recipe: inout Recipe) {
        if let configuration { recipe.adopt(configuration, inputs: inputs ?? .none) }
    }

    /// Whether it takes volumes of so many channels.
    func takes(channels: Int) -> Bool { imageChannels == channels }

    /// Whether a training for so many channels and classes can start from it.
    func canLearn(channels: Int, classes: Int) -> Bool {
        guard let configuration else { return false }
        return takes(channels: channels) && configuration.classes <= classes
    }
}

extension Store {
    /// The models of a project, newest first.
    func trainedModels(project: Int64) async throws -> [TrainedModel] {
        try await models(project: project).map { try TrainedModel($0) }
    }
}
