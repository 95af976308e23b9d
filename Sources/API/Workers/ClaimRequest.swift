internal import Foundation
internal import HTTP
internal import JSON
internal import Jobs
internal import Store

/// The body of `POST /v1/workers/{worker}/claim`, read strictly.
struct ClaimRequest {
    var host = ""
    var version = ""
    var processor = ""
    var threads = 0
    /// The only job that it wants.
    var job: Int?
    /// The job of which it wants tiles only.
    var tilesOf: Int?
    /// The processes that it is.
    var ranks: Int?

    init(body: [UInt8]) throws(HTTPError) {
        let value = try HTTPError.json(body)
        guard case .object = value else {
            throw .malformed("the body is not a JSON object; `slicewise worker` sends one that says what it is")
        }
        do throws(JSONError) {
            try Self.record.read(value, into: &self, path: "")
        } catch {
            throw HTTPError(error)
        }
    }

    private static let record = JSONRecord<ClaimRequest>(
        "ClaimRequest", "What a worker says of itself when it asks for a job.", null: .absence,
        [
            JSONField("host", \.host, .string, isRequired: true, "The name of its machine"),
            JSONField("version", \.version, .string, isRequired: true, "Its version, which has to be the server's"),
            JSONField(
                "processor", \.processor, .string, isRequired: true,
                "The vector instructions that it computes with: avx512, avx2 or portable"),
            JSONField(
                "threads", \.threads, .integer(in: 1...100_000), isRequired: true, "The threads that it computes with"),
            JSONField(
                optional: "job", \.job, .integer(in: 1...Int(Int32.max)),
                "The number of the only job that it wants; the oldest that waits by default"),
            JSONField(
                optional: "tiles_of", \.tilesOf, .integer(in: 1...Int(Int32.max)),
                "The number of the job of whose predictions it wants tiles only"),
            JSONField(
                optional: "ranks", \.ranks, .integer(in: TrainingRequest.rankCounts),
                "The processes that it is: it is given no training for another number of them; 1 by default"),
        ])

    /// The request as JSON Schema.
    static var schema: JSONValue { record.description() }

    func description(of name: String) throws(HTTPError) -> WorkerDescription {
        for (field, text, most) in [("host", host, 255), ("version", version, 64), ("processor", processor, 64)]
        where !(1...most).contains(text.unicodeScalars.count) {
            throw .invalid("\(field) has 1 to \(most) characters", field: field)
        }
        return WorkerDescription(name: name, host: host, version: version, processor: processor, threads: threads)
    }
}
