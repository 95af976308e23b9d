internal import JSON

/// The page at `/docs`: the OpenAPI document to read, made of it alone.
struct DocsPage: Sendable {
    private let document: JSONValue
    private let content: String

    init(_ document: JSONValue) {
        self.document = document
        var parts = [Self.contents(document)]
        for tag in document["tags"].elements {
            let name = tag["name"].words
            parts.append("<h2 id=\"\(name)\">\(name)</h2>\n<p>\(HTMLPage.escaped(tag["description"].words))</p>")
            for call in Self.calls(document) where call.tag == name { parts.append(call.html) }
        }
        parts.append(Self.errors(document["components"]["responses"]))
        parts.append("<h2 id=\"schemas\">Schemas</h2>")
        for schema in document["components"]["schemas"].members {
            parts.append(SchemaText.section(schema.name, schema.value))
        }
        content = parts.joined(separator: "\n")
    }

    /// The page; `root` is the way to the server's root.
    func page(root: String) -> HTMLPage {
        let info = document["info"]
        let paragraphs = info["description"].words.split(separator: "\n\n").map {
            "<p>\(HTMLPage.escaped(String($0)))</p>"
        }
        return HTMLPage(
            title: "Slicewise: all calls",
            body: """
                <h1>Slicewise: all calls</h1>
                <p>\(HTMLPage.escaped(info["summary"].words)) The same for programs: <a href="\(root)openapi.json">openapi.json</a>.
                To the <a href="\(root)">first page</a>.</p>
                \(paragraphs.joined(separator: "\n"))
                <p>\(HTMLPage.escaped(document["components"]["securitySchemes"]["token"]["description"].words))</p>
                \(content)
                """)
    }

    private static func calls(_ document: JSONValue) -> [DocumentedCall] {
        document["paths"].members.flatMap { path in
            path.value.members.map {
                DocumentedCall(method: $0.name.uppercased(), path: path.name, operation: $0.value)
            }
        }
    }

    /// The errors, which calls share.
    private static func errors(_ answers: JSONValue) -> String {
        let rows = answers.members.map { answer in
            "<tr id=\"error-\(answer.name)\"><td>\(answer.name)</td>"
                + "<td>\(HTMLPage.escaped(answer.value["description"].words))</td></tr>"
        }
        return """
            <h2 id="errors">Errors</h2>
            <p>All of them are a <a href="#schema-Problem">Problem</a>, as <code>application/problem+json</code>.</p>
            <table>
            \(rows.joined(separator: "\n"))
            </table>
            """
    }

    /// Links to everything, by tag.
    private static func contents(_ document: JSONValue) -> String {
        let calls = calls(document)
        let rows = document["tags"].elements.map { tag in
            let name = tag["name"].words
            let links = calls.filter { $0.tag == name }.map {
                "<a href=\"#\($0.identifier)\">\($0.method)&nbsp;\(HTMLPage.escaped($0.path))</a>"
            }
            return "<tr><th><a href=\"#\(name)\">\(name)</a></th><td>\(links.joined(separator: "<br>\n"))</td></tr>"
        }
        return """
            <table>
            \(rows.joined(separator: "\n"))
            <tr><th><a href="#errors">Errors</a></th><td></td></tr>
            <tr><th><a href="#schemas">Schemas</a></th><td></td></tr>
            </table>
            """
    }
}

extension JSONValue {
    /// A string's text; empty for anything else.
    var words: String { if case .string(let text) = self { text } else { "" } }

    /// An array's elements; none for anything else.
    var elements: [JSONValue] { if case .array(let values) = self { values } else { [] } }

    /// An object's members; none for anything else.
    var members: [JSONObject.Member] { if case .object(let object) = self { object.members } else { [] } }
}
