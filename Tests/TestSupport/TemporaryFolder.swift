package import Foundation

/// A folder of its own for one test, removed with the value that owns it.
package final class TemporaryFolder: Sendable {
    package let url: URL

    package init() throws {
        url = FileManager.default.temporaryDirectory.appending(
            path: "slicewise-tests-\(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    /// Does nothing, at the end of what uses only the folder's path: until then it is not removed.
    @inline(never) package func keep() { withExtendedLifetime(self) {} }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// What lies in it.
    package var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? [] }

    /// Where a file of this name lies, or would.
    package func path(_ name: String) -> String { url.appending(path: name).path }

    /// A new file of these bytes.
    package func file(_ name: String, _ bytes: [UInt8]) throws -> URL {
        let file = url.appending(path: name)
        try Data(bytes).write(to: file)
        return file
    }

    /// A new file that is open for writing.
    package func file(_ name: String) throws -> (url: URL, handle: FileHandle) {
        let file = try file(name, [])
        return (file, try FileHandle(forWritingTo: file))
    }
}
