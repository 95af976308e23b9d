internal import HTTP
internal import JSON

/// The formats of scores: JSON, or text to read or to calculate with.
enum TableFormat: String, CaseIterable {
    case json, md, csv

    static let parameter = Endpoint.QueryParameter.choice(
        "format", of: "TableFormat", "json by default; md is a page in Markdown, csv a record for each score")

    /// The content of an answer in any of them.
    static func content(_ json: Endpoint.Content) -> [Endpoint.Content] {
        [
            json, .init(type: "text/markdown", schema: ["type": "string"]),
            .init(type: "text/csv", schema: ["type": "string"]),
        ]
    }

    /// The format in the query.
    static func wanted(_ request: Request) throws(HTTPError) -> TableFormat {
        try request.query.choice("format", of: allCases.map(\.rawValue)).flatMap { TableFormat(rawValue: $0) } ?? .json
    }

    /// An answer of text in this format.
    func response(_ text: String) -> Response {
        .bytes(Array(text.utf8), contentType: self == .md ? "text/markdown; charset=utf-8" : "text/csv; charset=utf-8")
    }
}
