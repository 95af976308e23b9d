internal import Training

/// What is asked of a job of the kind `predict`.
package struct PredictionRequest: Hashable, Sendable {
    /// A model's name or `latest`, the default.
    package var model: String?
    /// Default: every volume of the project.
    package var volumes: [String]?

    /// A prediction of every volume with the newest model.
    package init(model: String? = nil, volumes: [String]? = nil) {
        self.model = model
        self.volumes = volumes
    }

    init(_ fields: inout RequestFields) throws(JobError) {
        model = try fields.string("model")
        volumes = try fields.strings("volumes")
    }

    var json: [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        members["model"] = model.map { .string($0) }
        members["volumes"] = volumes.map { .array($0.map { .string($0) }) }
        return members
    }
}
