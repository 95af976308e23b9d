internal import Cryptography
internal import Foundation
internal import HTTP

/// A page for people: plain HTML with the program's style, which loads nothing else and works behind any prefix.
struct HTMLPage: Sendable {
    let title: String
    /// HTML; links in it begin with `root`.
    let body: String

    func response(status: Int = 200, headers: Headers = [:]) -> Response {
        let html = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>\(Self.escaped(title))</title>
            <style>\(Self.style)</style></head><body>
            \(body)
            </body></html>

            """
        var headers = headers
        headers["Content-Security-Policy"] = Self.policy
        return .bytes(Array(html.utf8), contentType: "text/html; charset=utf-8", status: status, headers: headers)
    }

    /// The way from the page of a request to the server's root, relative: a proxy may serve it below a prefix.
    static func root(from request: Request) -> String {
        let slashes = request.path.utf8.count { $0 == UInt8(ascii: "/") }
        return slashes > 1 ? String(repeating: "../", count: slashes - 1) : "./"
    }

    /// Whether a browser asks, or whoever else would rather read HTML than JSON.
    static func isWanted(by request: Request) -> Bool {
        let accepted = request.headers.all("Accept").joined(separator: ",").lowercased()
        return accepted.contains("text/html") && !accepted.contains("json")
    }

    /// Text as HTML.
    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }

    /// Allows no scripts, frames or forms, only the page's own style.
    private static let policy = """
        default-src 'none'; style-src 'sha256-\(Data(SHA256.hash(style.utf8)).base64EncodedString())'; \
        base-uri 'none'; form-action 'none'; frame-ancestors 'none'
        """

    private static let style = """

        :root { color-scheme: light dark }
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
        th, td { text-align: left; vertical-align: top; padding: .2rem 1rem .2rem 0 }
        table { border-collapse: collapse } tr + tr { border-top: 1px solid #8884 }
        code, pre { font: 14px/1.5 ui-monospace, monospace }
        pre { background: #8882; padding: 1rem; overflow: auto }
        h2 { margin-top: 3rem } h3 { margin: 2.5rem 0 0 } h3 code { font-size: 16px } h3 + p { margin-top: .3rem }
        table + table { margin-top: 1rem }
        .method { display: inline-block; min-width: 4.5rem } .note { opacity: .7 }

        """
}
