import Foundation
import TestSupport
import Testing

/// A file system of its own in memory; there is one only where the tests may mount.
final class SmallDisk: Sendable {
    let folder: TemporaryFolder

    struct NotMounted: Error {}

    /// Whether the tests may mount, which was tried.
    static let canBeMade = (try? SmallDisk(megabytes: 1)) != nil

    static let whyNot: Comment = "this user can't mount a small disk; run the tests as root"

    init(megabytes: Int) throws {
        let folder = try TemporaryFolder()
        let isMounted = Self.run(
            "mount", "-t", "tmpfs", "-o", "size=\(megabytes)m", "slicewise-test", folder.url.path)
        guard isMounted else { throw NotMounted() }
        self.folder = folder
    }

    deinit { _ = Self.run("umount", "--lazy", folder.url.path) }

    private var filler: URL { folder.url.appending(path: "filler") }

    /// Takes all the room there is.
    func fill() throws {
        let file = open(filler.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        defer { close(file) }
        for size in [1 << 20, 4096, 1] {
            let bytes = [UInt8](repeating: 0, count: size)
            while write(file, bytes, size) > 0 {}
        }
    }

    func empty() throws { try FileManager.default.removeItem(at: filler) }

    private static func run(_ arguments: String...) -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
