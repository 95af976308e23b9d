internal import JSON
internal import Jobs
internal import Store
internal import Training

extension OpenAPI {
    /// What can be asked of a job, by its kind.
    static let jobRequest: JSONValue = .either(
        [job("train", TrainingRequest.record), job("predict", PredictionRequest.record)]
            + ExperimentRequest.kinds.map { job($0.rawValue, ExperimentRequest.record(of: $0)) })

    private static func job<Request>(_ kind: String, _ record: JSONRecord<Request>) -> JSONValue {
        record.description(
            first: [.init(name: "kind", value: ["const": .string(kind)])],
            replacing: ["recipe": recipe, "name": ["type": "string", "pattern": .string("^\(Name.pattern)$")]])
    }

    /// Spelled out once in the document.
    private static let recipe: JSONValue = .either([reference("Recipe"), .words(Preset.allCases.map(\.rawValue))])
}
