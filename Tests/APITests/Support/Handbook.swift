import Foundation
import TestSupport

/// Documentation/API.md as far as a program can read it: its calls with their parameters and examples.
struct Handbook {
    /// A line such as `` `GET /v1/audit` · admin `` with all that follows up to the next one.
    struct Call: Hashable {
        var method: String
        var path: String
        /// Nil where no token is needed.
        var role: String?
        /// The first column of the table that is headed `query`.
        var parameters: Set<String> = []
        var hasExample = false
    }

    private(set) var calls: [Call] = []
    /// The paths that the page names or asks for, without their queries.
    private(set) var paths: Set<String> = []

    init() throws {
        let page = TestFiles.repository.appending(path: "Documentation/API.md")
        self.init(try String(contentsOf: page, encoding: .utf8))
    }

    init(_ page: String) {
        var isQuery = false
        for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
            read(paths: line)
            if let call = line.prefixMatch(of: #/`(GET|PUT|POST|DELETE) (/[^` ]*)`(?: · ([a-z]+))?/#) {
                calls.append(
                    Call(method: String(call.1), path: String(call.2), role: call.3.map(String.init)))
            }
            guard !calls.isEmpty else { continue }
            let last = calls.count - 1
            if line.hasPrefix("curl ") || line.contains("; do ") { calls[last].hasExample = true }
            isQuery = line.hasPrefix("| query |") || isQuery && line.hasPrefix("|")
            if isQuery, let cell = line.dropFirst().split(separator: "|").first {
                calls[last].parameters.formUnion(cell.matches(of: #/`([^`]+)`/#).map { String($0.1) })
            }
        }
    }

    /// Notes what stands for a path in a line, with the variables that the page sets.
    private mutating func read(paths line: Substring) {
        let text = line.replacing("$V", with: "$P/volumes/sample").replacing("$P", with: "$S/v1/projects/kidney")
        for match in text.matches(of: #/(?:\$S|[` ])(/v1[^\s`?"]*)/#) {
            paths.insert(String(match.1).replacing("${s%-*}", with: "z").replacing("${s#*-}", with: "8"))
        }
    }
}
