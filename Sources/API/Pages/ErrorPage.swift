internal import Foundation
internal import HTTP
internal import JSON

/// Errors as pages, for browsers.
enum ErrorPage {
    /// A problem becomes a page if a browser asked for something to look at.
    @Sendable static func show(
        _ request: Request, _ next: @Sendable (Request) async throws -> Response
    ) async throws -> Response {
        let response = try await next(request)
        guard response.headers["Content-Type"] == "application/problem+json",
            ["GET", "HEAD"].contains(request.method), case .bytes(let bytes) = response.body
        else { return response }
        guard HTMLPage.isWanted(by: request), let problem = try? JSONValue(json: Data(bytes)),
            case .string(let title) = problem["title"], case .string(let detail) = problem["detail"]
        else {
            var response = response
            response.headers.add("Vary", "Accept")
            return response
        }
        var headers = response.headers
        headers["Content-Type"] = nil
        headers.add("Vary", "Accept")
        let root = HTMLPage.root(from: request)
        let body = """
            <h1>\(HTMLPage.escaped(title))</h1>
            <p>\(response.status): \(HTMLPage.escaped(detail))</p>
            <p><a href="\(root)">To the first page of this server.</a></p>
            \(response.status == 401 ? tokens : "")
            \(StartPage.links(root, withMetrics: false))
            """
        return HTMLPage(title: "\(title) – Slicewise", body: body).response(status: response.status, headers: headers)
    }

    private static let tokens = """
        <p>This is Slicewise: annotate a few slices of a 3D image, get all of it segmented. Its operator has given out
        access tokens, which the first page asks for and programs send. With the address of this server as <code>S</code>
        and your token as <code>T</code>:</p>
        <pre>curl -H "Authorization: Bearer $T" $S/v1/projects</pre>
        <p>Whoever runs the server makes tokens on its machine:</p>
        <pre>slicewise token create --name NAME --role viewer</pre>
        """
}
