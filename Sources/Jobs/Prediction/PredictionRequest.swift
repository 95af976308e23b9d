package import JSON

/// The request for a job of the kind `predict`.
package struct PredictionRequest: Hashable, Sendable {
    /// A model's name or `latest`, the default: the one that the project goes by, or else the newest that finished.
    package var model: String?
    /// Default: every volume of the project.
    package var volumes: [String]?

    /// A prediction of every volume, by default with the latest model.
    package init(model: String? = nil, volumes: [String]? = nil) {
        self.model = model
        self.volumes = volumes
    }

    /// The members that a request may have.
    package static let record = JSONRecord<PredictionRequest>(
        "PredictRequest", "Predict volumes by a model.", null: .absence,
        [
            JSONField(
                optional: "volumes", \.volumes, .names,
                "The volumes to predict; every volume of the project by default"),
            JSONField(
                optional: "model", \.model, .string,
                """
                The model's name, or latest (the default): the one that the project goes by, or else the newest whose job \
                succeeded
                """),
        ])
}

extension JSONSchema<[String]> {
    /// A list of different names.
    static let names = list(of: .string, "an array of names").unique
}
