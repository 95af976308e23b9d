internal import Foundation
internal import HTTP
internal import JSON

/// The body of `POST /v1/projects/{project}/shares`, read strictly.
struct ShareRequest {
    var volume = ""
    var hours = 24.0

    static let example = "{\"volume\":\"sample\",\"hours\":24}"

    init(body: [UInt8]) throws(HTTPError) {
        let value = try HTTPError.json(body)
        guard case .object = value else {
            throw .malformed("the body is not a JSON object; a share is \(Self.example)")
        }
        do throws(JSONError) {
            try Self.record.read(value, into: &self, path: "")
        } catch {
            throw HTTPError(error)
        }
    }

    private static let record = JSONRecord<ShareRequest>(
        "ShareRequest", "A link to make.", null: .absence,
        [
            JSONField("volume", \.volume, .string, isRequired: true, "The name of the volume that it opens"),
            JSONField(
                "hours", \.hours, .number(in: 0.01...720),
                "After how many hours it expires, 24 by default, and never after the token that makes it"),
        ])

    /// The request as JSON Schema.
    static var schema: JSONValue { record.description() }
}
