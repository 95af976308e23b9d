import Foundation
import TestSupport
import Testing
import slicewise

@Suite struct WholeFileTests {
    private let folder: TemporaryFolder
    private var target: URL { folder.url.appending(path: "a/b") }
    private var unfinished: URL { folder.url.appending(path: "writing") }

    init() throws { folder = try TemporaryFolder() }

    private var text: String { get throws { try String(contentsOf: target, encoding: .utf8) } }

    @Test func `a file replaces another one`() throws {
        for bytes in ["one", "another"] {
            #expect(try WholeFile.put(Array(bytes.utf8), at: target, by: unfinished))
            #expect(try text == bytes)
        }
    }

    @Test func `of two that want to be the first, one is, and the other learns of it`() throws {
        #expect(try WholeFile.put(Array("one".utf8), at: target, by: unfinished, onlyIfNew: true))
        #expect(try !WholeFile.put(Array("another".utf8), at: target, by: unfinished, onlyIfNew: true))
        #expect(try text == "one")
        #expect(try FileManager.default.contentsOfDirectory(atPath: unfinished.path).isEmpty)
    }
}
