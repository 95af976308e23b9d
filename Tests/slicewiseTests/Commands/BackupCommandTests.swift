import Foundation
import TestSupport
import Testing

@Suite struct BackupCommandTests {
    private let folder: TemporaryFolder
    private let ledger = Ledger()

    init() throws { folder = try TemporaryFolder() }

    @Test(.timeLimit(.minutes(10)))
    func `a backup made while the service writes holds all that was acknowledged before`() async throws {
        let server = try await RunningServer(data: folder.url.appending(path: "data"))
        let customers = Customers(server: server, ledger: ledger)
        try await customers.open()
        async let busy: Void = customers.run(round: 0)
        for number in 0..<3 {
            while await ledger.posts < 50 * (number + 1) { await Task.yield() }
            let before = await ledger.volumes
            let outcome = try await Program.run(
                "backup", "--data", folder.path("data"), "--out", folder.path("backup-\(number)"))
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output.contains("backup-\(number)"))
            let removed = await Set(before.keys).subtracting(ledger.volumes.keys).union(ledger.openRemovals)
            try await compare(before.filter { !removed.contains($0.key) }, with: folder.path("backup-\(number)"))
        }
        let kept = await ledger.slices
        _ = await server.stop(by: SIGKILL)
        await busy
        #expect(!kept.isEmpty)
    }

    /// Restores a backup as the operations page says, and asks a server on it for the volumes.
    private func compare(_ volumes: [String: Data], with backup: String) async throws {
        let restored = URL(filePath: backup + "-restored", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: restored, withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            at: URL(filePath: backup), to: restored.appending(path: "slicewise.sqlite"))
        _ = try KilledFolder(restored)
        let server = try await RunningServer(data: restored)
        for (name, file) in volumes {
            #expect(try await server.call("GET", "/v1/projects/p/volumes/\(name)/image?format=npy").body == file)
        }
        #expect(await server.stop(by: SIGTERM) == 0)
    }

    @Test func `a restored backup serves the same slices`() async throws {
        let first = try await RunningServer(data: folder.url.appending(path: "data"))
        _ = try await first.json("PUT", "/v1/projects/p", Customers.classes)
        let image = NumPyFile.noise(z: Customers.extent.z, y: Customers.extent.y, x: Customers.extent.x, seed: 1)
        try #require(try await first.call("PUT", "/v1/projects/p/volumes/v", image).status == 201)
        let labels = Data((0..<Customers.extent.y * Customers.extent.x).map { UInt8($0 % 3) })
        let annotations = "/v1/projects/p/volumes/v/annotations"
        try #require(try await first.call("POST", "\(annotations)?axis=z&index=5", labels).status == 201)
        #expect(try await Program.run("backup", "--data", folder.path("data"), "--out", folder.path("b")).status == 0)
        #expect(try await first.call("DELETE", "/v1/projects/p").status == 204)
        #expect(await first.stop(by: SIGTERM) == 0)

        let restored = folder.url.appending(path: "restored", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: restored, withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            at: folder.url.appending(path: "b"), to: restored.appending(path: "slicewise.sqlite"))
        let second = try await RunningServer(data: restored)
        #expect(try await second.call("GET", "\(annotations)/z/5?format=raw").body == labels)
        #expect(try await second.call("GET", "/v1/projects/p/volumes/v/image?format=npy").body == image)
        #expect(await second.stop(by: SIGTERM) == 0)
    }

    @Test func `a backup never replaces a file and needs a database`() async throws {
        let none = try await Program.run("backup", "--data", folder.path("nothing"), "--out", folder.path("b"))
        #expect(none.status == 1)
        #expect(none.errors.contains("no database"))
        #expect(!FileManager.default.fileExists(atPath: folder.path("b")))
        #expect(!FileManager.default.fileExists(atPath: folder.path("nothing")))

        let server = try await RunningServer(data: folder.url.appending(path: "data"))
        #expect(await server.stop(by: SIGTERM) == 0)
        try Data("kept".utf8).write(to: folder.url.appending(path: "b"))
        let taken = try await Program.run("backup", "--data", folder.path("data"), "--out", folder.path("b"))
        #expect(taken.status == 1)
        #expect(taken.errors.contains("exists already"))
        #expect(try Data(contentsOf: folder.url.appending(path: "b")) == Data("kept".utf8))
    }
}
