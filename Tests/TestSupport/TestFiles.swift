package import Foundation

/// Files that tests read: those of the repository, and those that only some machines have.
package enum TestFiles {
    /// The folder of the repository.
    package static let repository = (0..<3).reduce(URL(filePath: #filePath)) { url, _ in url.deletingLastPathComponent()
    }

    private static let tests = repository.appending(path: "Tests")

    /// What fuzzing starts from (`Corpus`) and what it found (`Found`), by parser.
    package static let fuzz = tests.appending(path: "Fuzz")

    /// Reference vectors of the network, made by `Scripts/make_golden.py`.
    package static let golden = tests.appending(path: "NetworkTests/Golden/Vectors")

    /// Volumes that other programs wrote, with a manifest: `formats` in `SLICEWISE_SHARED`, or in `../shared` beside
    /// the checkout; `nil` on a machine without it, for a test's `.enabled(if:)`.
    package static let formats: URL? = {
        let given = ProcessInfo.processInfo.environment["SLICEWISE_SHARED"].map { URL(filePath: $0) }
        let beside = repository.deletingLastPathComponent().appending(path: "shared")
        let folder = (given ?? beside).appending(path: "formats")
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }()
}
