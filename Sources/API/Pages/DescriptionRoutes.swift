internal import HTTP
internal import JSON

/// The description of all calls, for programs and for people; it is the same on every server and needs no token.
struct DescriptionRoutes: Sendable {
    /// Its own calls and those of others; the texts are made once.
    static func endpoints(with others: [Endpoint]) -> [Endpoint] {
        let placeholder: @Sendable (Request) async throws -> Response = { _ in .noContent }
        let document = OpenAPI.document(of: others + [json(placeholder), page(placeholder)])
        let text = Array((document.indentedText + "\n").utf8)
        let tag = ExportCache.tag([String(decoding: text, as: UTF8.self)])
        let docs = DocsPage(document)
        return [
            json { _ in .bytes(text, contentType: "application/json", etag: tag) },
            page { request in docs.page(root: HTMLPage.root(from: request)).response() },
        ]
    }

    private static func json(_ answer: @escaping @Sendable (Request) async throws -> Response) -> Endpoint {
        Endpoint(
            .get, "/openapi.json", "This description.", role: nil,
            answers: [.init(200, "OpenAPI 3.1", .init(type: "application/json", schema: OpenAPI.anyObject))],
            answer: answer)
    }

    private static func page(_ answer: @escaping @Sendable (Request) async throws -> Response) -> Endpoint {
        Endpoint(
            .get, "/docs", "This description as a page to read.", role: nil,
            answers: [.init(200, "A page", .init(type: "text/html", schema: ["type": "string"]))], answer: answer)
    }
}
