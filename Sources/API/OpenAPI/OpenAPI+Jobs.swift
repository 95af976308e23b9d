internal import JSON
internal import Jobs
internal import Store
internal import Training

extension OpenAPI {
    /// The schema of job requests, by kind.
    static let jobRequest: JSONValue = .either(
        [job("train", TrainingRequest.record), job("predict", PredictionRequest.record)]
            + ExperimentRequest.kinds.map { job($0.rawValue, ExperimentRequest.record(of: $0)) })

    private static func job<Request>(_ kind: String, _ record: JSONRecord<Request>) -> JSONValue {
        record.description(
            first: [.init(name: "kind", value: ["const": .string(kind)])],
            replacing: ["recipe": recipe, "name": ["type": "string", "pattern": .string("^\(Name.pattern)$")]])
    }

    /// The full schema is in the document only once.
    private static let recipe: JSONValue = .either([reference("Recipe"), .words(Preset.allCases.map(\.rawValue))])
}
