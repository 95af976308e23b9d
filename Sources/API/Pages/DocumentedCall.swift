internal import JSON

/// One call of the OpenAPI document as a section of HTML.
struct DocumentedCall {
    let method: String
    let path: String
    let operation: JSONValue

    var tag: String { operation["tags"].elements.first?.words ?? "" }

    var identifier: String { operation["operationId"].words }

    var html: String {
        """
        <h3 id="\(identifier)"><code><span class="method">\(method)</span> \(HTMLPage.escaped(path))</code></h3>
        <p>\(HTMLPage.escaped(operation["summary"].words)) <span class="note">\(role)</span></p>
        \(parameters)
        \(body)
        \(answers)
        """
    }

    private var role: String {
        let roles = operation["security"].elements.flatMap { $0["token"].elements }.map(\.words)
        return roles.isEmpty ? "Needs no token." : "Needs the role \(roles.joined(separator: " or "))."
    }

    private var parameters: String {
        let rows = operation["parameters"].elements.map { parameter in
            let isRequired = parameter["required"] == .bool(true)
            let place = parameter["in"].words + (isRequired ? ", required" : "")
            return row(
                "<code>\(HTMLPage.escaped(parameter["name"].words))</code>", place,
                SchemaText.type(parameter["schema"]),
                HTMLPage.escaped(parameter["description"].words))
        }
        return rows.isEmpty ? "" : table(rows)
    }

    private var body: String {
        let request = operation["requestBody"]
        guard request != .null else { return "" }
        let types = request["content"].members.map { "<code>\($0.name)</code>, \(SchemaText.type($0.value["schema"]))" }
        let examples = request["content"].members.flatMap { $0.value["examples"].members }.map {
            "<p>\(HTMLPage.escaped($0.value["summary"].words)):</p>\n<pre>\(HTMLPage.escaped($0.value["value"].text))</pre>"
        }
        return """
            <p>Body: \(types.joined(separator: "; ")). \(HTMLPage.escaped(request["description"].words)).</p>
            \(examples.joined(separator: "\n"))
            """
    }

    private var answers: String {
        let all = operation["responses"].members
        let rows = all.filter { $0.value["$ref"] == .null }.map { member in
            let answer = member.value
            var types: [String] = []
            for content in answer["content"].members {
                let type = "<code>\(content.name)</code>"
                let schema = SchemaText.type(content.value["schema"])
                types.append(schema == "file" ? type : "\(type), \(schema)")
            }
            return row(member.name, HTMLPage.escaped(answer["description"].words), types.joined(separator: "<br>"))
        }
        let errors = all.filter { $0.value["$ref"] != .null }.map { "<a href=\"#error-\($0.name)\">\($0.name)</a>" }
        return "\(table(rows))\n<p class=\"note\">Errors: \(errors.joined(separator: ", "))</p>"
    }

    private func row(_ cells: String...) -> String {
        "<tr>\(cells.map { "<td>\($0)</td>" }.joined())</tr>"
    }

    private func table(_ rows: [String]) -> String { "<table>\n\(rows.joined(separator: "\n"))\n</table>" }
}
