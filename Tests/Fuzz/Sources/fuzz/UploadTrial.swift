internal import API
internal import HTTP

/// What a body and the query that comes with it go through: a first line `QUERY`, a second one with the type, the body.
enum UploadTrial {
    static func slice(_ bytes: [UInt8]) {
        Parser.refusable { try Uploads.slice(request(bytes)) }
    }

    /// A volume whose spacing, unit and axes the query tells, and the mapping of its values if it is one of labels.
    static func volume(_ bytes: [UInt8]) {
        Parser.refusable {
            let request = try request(bytes)
            let hints = try Uploads.hints(request)
            VolumeTrial.run(try request.body.bytes(), hints: hints, mapping: try Uploads.mapping(request))
        }
    }

    private static func request(_ bytes: [UInt8]) throws -> Request {
        let lines = bytes.split(separator: 0x0a, maxSplits: 2, omittingEmptySubsequences: false)
        guard lines.count == 3 else { throw HTTPError.malformed("three parts are needed") }
        let (query, type) = (String(decoding: lines[0], as: UTF8.self), String(decoding: lines[1], as: UTF8.self))
        return try Request(
            .post, "/?" + query, headers: type.isEmpty ? [:] : ["Content-Type": type], body: .bytes(Array(lines[2])))
    }
}
