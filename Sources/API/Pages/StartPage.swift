internal import Foundation
internal import HTTP
internal import JSON
internal import Store
internal import Volumes

/// The page at `/start`, for programs and for browsers without scripts: what is on this server, and how to begin by curl.
struct StartPage: Sendable {
    let api: API

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/start", "A page without scripts: the projects and how to begin by curl.",
                answers: [.init(200, "A page", .init(type: "text/html", schema: ["type": "string"]))],
                answer: page)
        ]
    }

    private func page(_ request: Request) async throws -> Response {
        let root = HTMLPage.root(from: request)
        var rows = ""
        for project in try await api.store.projects() where request.sees(project.name) {
            rows += try await row(project, root)
        }
        let table =
            rows.isEmpty
            ? "<p>There is no project yet; below is how to make one.</p>"
            : """
            <table><tr><th>project</th><th></th><th>volumes</th><th></th></tr>
            \(rows)</table>
            """
        let body = """
            <h1>Slicewise</h1>
            <p>Annotate a few slices of a 3D image, get all of it segmented: in a browser at the <a href="\(root)">first
            page</a>, or by programs, scripts and curl; see <a href="\(root)docs">all calls</a>, the same
            <a href="\(root)openapi.json">for programs</a>, and below.</p>
            <h2>Projects</h2>
            \(table)
            <h2>The loop</h2>
            <p>In a terminal, with <code>S</code> as the address of the first page\(Self.tokenNote(request)):</p>
            \(Self.loop(request))
            \(Self.links(root))
            """
        return HTMLPage(title: "Slicewise: how to begin", body: body).response()
    }

    private func row(_ project: ProjectRecord, _ root: String) async throws -> String {
        let volumes = try await api.store.volumes(project: project.id)
        let link = "\(root)v1/projects/\(project.name)"
        let names = volumes.map {
            "<a href=\"\(link)/volumes/\($0.name)/slices/z/\($0.header.extent.z / 2)\">\($0.name)</a>"
        }
        return """
            <tr><td><a href="\(link)">\(project.name)</a></td><td>\(HTMLPage.escaped(project.description))</td>\
            <td>\(names.joined(separator: ", "))</td>\
            <td><a href="\(link)/jobs">jobs</a>, <a href="\(link)/models">models</a></td></tr>

            """
    }

    /// What is open to everybody.
    static func links(_ root: String, withMetrics: Bool = true) -> String {
        let metrics = withMetrics ? ";\n<a href=\"\(root)metrics\">metrics</a>" : ""
        return """
            <h2>The server</h2>
            <ul>
            <li><a href="\(root)docs">docs</a>: every call, with its parameters and answers</li>
            <li><a href="\(root)openapi.json">openapi.json</a>: the same for programs that make clients</li>
            <li><a href="\(root)healthz">healthz</a>: whether it runs;
            <a href="\(root)readyz">readyz</a>: whether it can work\(metrics)</li>
            </ul>
            """
    }

    private static func tokenNote(_ request: Request) -> String {
        request.client == nil ? "" : " and <code>T</code> as your token"
    }

    private static func loop(_ request: Request) -> String {
        let curl = request.client == nil ? "curl" : "curl -H \"Authorization: Bearer $T\""
        let lines = """
            \(curl) -X PUT $S/v1/projects/demo --json '{"classes":[{"name":"background"},{"name":"cell"}]}'
            \(curl) -T image.nii.gz $S/v1/projects/demo/volumes/one
            \(curl) --data-binary @slice31.png "$S/v1/projects/demo/volumes/one/annotations?axis=z&index=31"
            \(curl) $S/v1/projects/demo/jobs --json '{"kind":"train","budget":{"seconds":120}}'
            \(curl) $S/v1/projects/demo/jobs
            \(curl) -o prediction.nii.gz $S/v1/projects/demo/volumes/one/prediction
            """
        return "<pre>\n\(HTMLPage.escaped(lines))\n</pre>"
    }
}
