internal import Cryptography
internal import Foundation
internal import HTTP
internal import JSON
internal import Store
internal import Volumes

/// Calls about the server as a whole: the description of its calls, and a page for people.
struct IndexPage: Sendable {
    let api: API

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/", "A page for people: the projects and how to begin.",
                answers: [.init(200, "A page", .init(type: "text/html", schema: ["type": "string"]))],
                answer: page)
        ]
    }

    /// The call that describes all calls, including itself; the text is made once.
    static func document(of others: [Endpoint]) -> Endpoint {
        func endpoint(_ answer: @escaping @Sendable (Request) async throws -> Response) -> Endpoint {
            Endpoint(
                .get, "/openapi.json", "This description.",
                answers: [.init(200, "OpenAPI 3.1", .init(type: "application/json", schema: ["type": "object"]))],
                answer: answer)
        }
        let itself = endpoint { _ in .noContent }
        let text = OpenAPI.document(of: others + [itself]).text
        let tag = ExportCache.tag([text])
        return endpoint { _ in .bytes(Array(text.utf8), contentType: "application/json", etag: tag) }
    }

    private func page(_ request: Request) async throws -> Response {
        var rows = ""
        for project in try await api.store.projects() where request.sees(project.name) {
            let volumes = try await api.store.volumes(project: project.id)
            let link = "/v1/projects/\(project.name)"
            let names = volumes.map {
                "<a href=\"\(link)/volumes/\($0.name)/slices/z/\($0.header.extent.z / 2)\">\($0.name)</a>"
            }
            rows += "<tr><td><a href=\"\(link)\">\(project.name)</a></td><td>\(Self.escaped(project.description))</td>"
            rows += "<td>\(names.joined(separator: ", "))</td></tr>\n"
        }
        let table =
            rows.isEmpty
            ? "<p>There is no project yet.</p>"
            : "<table><tr><th>project</th><th></th><th>volumes</th></tr>\n\(rows)</table>"
        let html = Self.frame.replacing("{table}", with: table)
        return .bytes(
            Array(html.utf8), contentType: "text/html; charset=utf-8", headers: ["Content-Security-Policy": Self.policy]
        )
    }

    /// Allows no scripts, frames or forms, only the page's own style.
    private static let policy = """
        default-src 'none'; style-src 'sha256-\(Data(SHA256.hash(style.utf8)).base64EncodedString())'; \
        base-uri 'none'; form-action 'none'; frame-ancestors 'none'
        """

    private static let style = """

        body { font: 16px/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem }
        th, td { text-align: left; padding: .2rem 1rem .2rem 0 } pre { background: #f4f4f4; padding: 1rem; overflow: auto }

        """

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    private static let frame = """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>Slicewise</title>
        <style>\(style)</style></head><body>
        <h1>Slicewise</h1>
        <p>Annotate a few slices of a 3D image, get all of it segmented. The calls are described in
        <a href="/openapi.json">/openapi.json</a>.</p>
        {table}
        <h2>The loop</h2>
        <pre>
        curl -X PUT $URL/v1/projects/demo -d '{"classes":[{"name":"background"},{"name":"cell"}]}'
        curl -T image.nii.gz $URL/v1/projects/demo/volumes/one
        curl --data-binary @slice31.png "$URL/v1/projects/demo/volumes/one/annotations?axis=z&amp;index=31"
        curl $URL/v1/projects/demo/jobs -d '{"kind":"train","budget":{"seconds":120}}'
        curl $URL/v1/projects/demo/jobs/1
        curl -o prediction.nii.gz $URL/v1/projects/demo/volumes/one/prediction
        </pre>
        </body></html>

        """
}
