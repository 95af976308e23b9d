import Foundation
import TestSupport
import Testing

/// What documents say of the tree is true.
@Suite struct RepositoryTests {
    private static let sources = Set(
        ["Sources", "Migrations"].flatMap { folder in
            let folder = TestFiles.repository.appending(path: folder)
            let all = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
            return (all?.allObjects ?? []).compactMap { ($0 as? URL)?.path(percentEncoded: false) }
        })

    /// Whether a file or folder of that name, or with these last parts of its path, is in `Sources` or in the root.
    private static func isThere(_ name: Substring) -> Bool {
        let end = name.hasSuffix("/") ? name.dropLast() : name
        return FileManager.default.fileExists(atPath: TestFiles.repository.appending(path: String(end)).path)
            || sources.contains { path in
                path.hasSuffix("/\(end)") || path.hasSuffix("/\(end)/")
                    // "`+Memory.swift`" stands behind the type that it extends.
                    || end.hasPrefix("+") && path.hasSuffix(end)
            }
    }

    @Test(arguments: ["Documentation/Architecture.md", "Documentation/Network.md", "CONTRIBUTING.md", "README.md"])
    func `files that a page names are there`(page: String) throws {
        let text = try String(contentsOf: TestFiles.repository.appending(path: page), encoding: .utf8)
        let names = text.matches(of: #/`((?:[A-Za-z]+\/)*[A-Za-z+]+\.(?:swift|c|h))`/#).map(\.1)
        for name in names { #expect(Self.isThere(name), "\(page) names \(name)") }
        let folders = text.matches(of: #/`((?:Sources|Tests|Scripts|Documentation)\/[A-Za-z\/]*)`/#).map(\.1)
        for name in folders { #expect(Self.isThere(name), "\(page) names \(name)") }
        let links = text.matches(of: #/\]\(([^):#]+)(?:#[^)]*)?\)/#).map(\.1)
        let folder = TestFiles.repository.appending(path: page).deletingLastPathComponent()
        for link in links {
            let target = folder.appending(path: String(link)).standardizedFileURL
            #expect(FileManager.default.fileExists(atPath: target.path), "\(page) links to \(link)")
        }
        #expect(!names.isEmpty || !links.isEmpty)
    }
}
