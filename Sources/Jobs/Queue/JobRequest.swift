package import Foundation
package import JSON
internal import Training

/// A client's request for a job, read strictly: an unknown field or a value of another type is refused by name.
package enum JobRequest: Codable, Hashable, Sendable {
    case train(TrainingRequest)
    case predict(PredictionRequest)
    case experiment(ExperimentRequest)

    /// The names of all kinds.
    package static let kinds = ["train", "predict"] + ExperimentRequest.kinds.map(\.rawValue)

    /// Reads a request body.
    package init(json: Data) throws(JobError) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(received: json)
        } catch {
            guard error == .malformed else { throw .invalid(field: error.field, detail: error.detail) }
            throw .malformed("the body is not JSON; a job is an object like {\"kind\":\"train\"}")
        }
        try self.init(value)
    }

    /// Reads the JSON text stored with a job.
    package init(text: String) throws(JobError) { try self.init(json: Data(text.utf8)) }

    package init(_ value: JSONValue) throws(JobError) {
        guard case .object(let members) = value else {
            throw .malformed("a job is a JSON object like {\"kind\":\"train\"}; the body is \(value.kind)")
        }
        let known = "the kinds are \(Self.kinds.joined(separator: ", "))"
        switch members["kind"] {
        case nil, .null: throw .invalid(field: "kind", detail: "is missing; \(known)")
        case .string("train"): self = .train(try Self.read(TrainingRequest.record, value, over: TrainingRequest()))
        case .string("predict"):
            self = .predict(try Self.read(PredictionRequest.record, value, over: PredictionRequest()))
        case .string(let name):
            guard let kind = ExperimentRequest.kinds.first(where: { $0.rawValue == name }) else {
                throw .invalid(field: "kind", detail: "\"\(name.prefix(80))\" is not a kind of job; \(known)")
            }
            let request = try Self.read(ExperimentRequest.record(of: kind), value, over: ExperimentRequest(kind))
            _ = try request.parsedVariants()
            self = .experiment(request)
        case .some(let other): throw .invalid(field: "kind", detail: "is \(other.kind); \(known)")
        }
    }

    private static func read<Request>(
        _ record: JSONRecord<Request>, _ value: JSONValue, over start: Request
    ) throws(JobError) -> Request {
        var request = start
        do throws(JSONError) {
            try record.read(value, into: &request, path: "", known: ["kind"])
        } catch {
            throw .invalid(field: error.field, detail: error.detail)
        }
        return request
    }

    package init(from decoder: any Decoder) throws {
        try self.init(try JSONValue(from: decoder))
    }

    package func encode(to encoder: any Encoder) throws {
        try json().encode(to: encoder)
    }

    /// The name of the job's kind.
    package var kind: String {
        switch self {
        case .train: "train"
        case .predict: "predict"
        case .experiment(let request): request.kind.rawValue
        }
    }

    /// The request as a client would write it; see `Documentation/API.md`.
    package func json() -> JSONValue {
        var members =
            switch self {
            case .train(let request): TrainingRequest.record.write(request)
            case .predict(let request): PredictionRequest.record.write(request)
            case .experiment(let request): ExperimentRequest.record(of: request.kind).write(request)
            }
        members["kind"] = .string(kind)
        return .object(members)
    }

    /// The request as the JSON text stored with the job.
    package func text() throws -> String { try JSONText.encode(json()) }
}
