package import Foundation
package import Training

/// What a client asks for with a job, taken strictly: an unknown field or a value of another type is refused by name.
package enum JobRequest: Codable, Hashable, Sendable {
    case train(TrainingRequest)
    case predict(PredictionRequest)
    case experiment(ExperimentRequest)

    /// The names of all kinds.
    package static let kinds = ["train", "predict"] + ExperimentRequest.kinds.map(\.rawValue)

    /// Reads a request body.
    package init(json: Data) throws(JobError) {
        let value: JSONValue
        do {
            value = try JSONDecoder().decode(JSONValue.self, from: json)
        } catch {
            throw .malformed("the body is not JSON; a job is an object like {\"kind\":\"train\"}")
        }
        try self.init(value)
    }

    /// Reads the text that is kept with a job.
    package init(text: String) throws(JobError) { try self.init(json: Data(text.utf8)) }

    package init(_ value: JSONValue) throws(JobError) {
        var fields = try RequestFields(value)
        let kind = try fields.string("kind")
        switch kind {
        case "train": self = .train(try TrainingRequest(&fields))
        case "predict": self = .predict(try PredictionRequest(&fields))
        case .some(let kind):
            guard let experiment = ExperimentRequest.kinds.first(where: { $0.rawValue == kind }) else {
                throw .invalid(
                    field: "kind",
                    detail: "\"\(kind.prefix(80))\" is no kind of job; there are \(Self.kinds.joined(separator: ", "))")
            }
            self = .experiment(try ExperimentRequest(experiment, &fields))
        case nil:
            throw .invalid(field: "kind", detail: "is missing; there are \(Self.kinds.joined(separator: ", "))")
        }
        try fields.finish("a job of the kind \"\(self.kind)\"")
    }

    package init(from decoder: any Decoder) throws {
        try self.init(try JSONValue(from: decoder))
    }

    package func encode(to encoder: any Encoder) throws {
        try json().encode(to: encoder)
    }

    /// The name of the kind of job.
    package var kind: String {
        switch self {
        case .train: "train"
        case .predict: "predict"
        case .experiment(let request): request.kind.rawValue
        }
    }

    /// The request as a client would write it; see `Documentation/API.md`.
    package func json() throws -> JSONValue {
        var members =
            switch self {
            case .train(let request): try request.json()
            case .predict(let request): request.json
            case .experiment(let request): try request.json()
            }
        members["kind"] = .string(kind)
        return .object(members)
    }

    /// The request as the JSON text that is kept with the job.
    package func text() throws -> String {
        try json().text()
    }
}
