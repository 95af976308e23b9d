import Foundation
import TestSupport
import Testing

/// A server whose disk has no space left.
@Suite struct FullDiskTests {
    private static let extent = Customers.extent

    /// A server on a disk of some megabytes, with a project and a volume.
    private func start(_ disk: SmallDisk) async throws -> RunningServer {
        let server = try await RunningServer(data: disk.folder.url.appending(path: "data"))
        _ = try await server.json("PUT", "/v1/projects/p", Customers.classes)
        let file = NumPyFile.noise(z: Self.extent.z, y: Self.extent.y, x: Self.extent.x, seed: 1)
        try #require(try await server.call("PUT", "/v1/projects/p/volumes/v", file).status == 201)
        return server
    }

    private func post(_ server: RunningServer, _ index: Int, round: Int) async throws -> (labels: Data, status: Int) {
        var generator = SeededGenerator(seed: UInt64(round))
        let labels = Data(generator.bytes(Self.extent.y * Self.extent.x, in: 0...2))
        let answer = try await server.call("POST", "/v1/projects/p/volumes/v/annotations?axis=z&index=\(index)", labels)
        return (labels, answer.status)
    }

    @Test(.enabled(if: SmallDisk.canBeMade, SmallDisk.whyNot), .timeLimit(.minutes(10)))
    func `what does not fit is refused with 507 and the rest goes on`() async throws {
        let disk = try SmallDisk(megabytes: 24)
        let server = try await start(disk)
        // More than the disk as it is declared; as it is stored beside its upload; as it is unpacked.
        let declared = NumPyFile.noise(z: 128, y: 512, x: 512, seed: 1)
        let stored = NumPyFile.noise(z: 60, y: 512, x: 512, seed: 1)
        let unpacked = try await gzipped(NumPyFile.header(type: "|u1", z: 128, y: 512, x: 512) + Data(count: 32 << 20))
        for file in [declared, stored, unpacked] {
            let answer = try await server.call("PUT", "/v1/projects/p/volumes/large", file)
            let text = String(decoding: answer.body, as: UTF8.self)
            #expect(answer.status == 507, "\(text)")
            #expect(text.contains("space") && !text.contains("/"), "\(text)")
        }
        #expect(try await server.call("GET", "/v1/projects/p/volumes/large").status == 404)
        let small = NumPyFile.noise(z: 8, y: 256, x: 256, seed: 1)
        #expect(try await server.call("PUT", "/v1/projects/p/volumes/small", small).status == 201)
        #expect(await server.stop(by: SIGTERM) == 0)
        _ = try KilledFolder(disk.folder.url.appending(path: "data"))
    }

    @Test(.timeLimit(.minutes(10)))
    func `where files may not grow further a call is refused and the service goes on`() async throws {
        let folder = try TemporaryFolder()
        defer { folder.keep() }
        let server = try await RunningServer(data: folder.url.appending(path: "data"))
        _ = try await server.json("PUT", "/v1/projects/p", Customers.classes)
        let limit = Process()
        limit.executableURL = URL(filePath: "/usr/bin/prlimit")
        limit.arguments = ["--pid", "\(server.process.processIdentifier)", "--fsize=\(4 << 20)"]
        try limit.run()
        limit.waitUntilExit()
        try #require(limit.terminationStatus == 0)
        let large = NumPyFile.noise(z: 60, y: 512, x: 512, seed: 1)
        #expect(try await server.call("PUT", "/v1/projects/p/volumes/large", large).status == 507)
        #expect(try await server.call("GET", "/v1/projects/p/volumes/large").status == 404)
        let small = NumPyFile.noise(z: 8, y: 64, x: 64, seed: 1)
        #expect(try await server.call("PUT", "/v1/projects/p/volumes/small", small).status == 201)
        #expect(await server.stop(by: SIGTERM) == 0)
    }

    @Test(.enabled(if: SmallDisk.canBeMade, SmallDisk.whyNot), .timeLimit(.minutes(10)))
    func `on a full disk nothing acknowledged is lost, and work goes on when there is room again`() async throws {
        let disk = try SmallDisk(megabytes: 24)
        var server = try await start(disk)
        var kept: [Int: Data] = [:]
        let before = try await post(server, 0, round: 2001)
        kept[0] = before.labels
        #expect(before.status == 201)
        try disk.fill()
        var refused = 0
        for round in 0..<2000 where refused < 3 {
            let (labels, status) = try await post(server, round % Self.extent.z, round: round)
            if status == 201 { kept[round % Self.extent.z] = labels } else { refused += 1 }
            #expect(status == 201 || status == 507)
        }
        #expect(refused == 3)
        // The end of a checkpoint gives some room back, at its own time: the disk is filled for each of several files.
        var answers: [Int] = []
        for format in ["nii", "npy", "nrrd", "mha"] {
            try disk.fill()
            answers.append(try await server.call("GET", "/v1/projects/p/volumes/v/image?format=\(format)").status)
        }
        #expect(answers.allSatisfy { $0 == 200 || $0 == 507 } && answers.contains(507), "\(answers)")
        #expect(try await server.call("GET", "/v1/projects/p/volumes/v/slices/z/3").status == 200)
        try await expect(kept, of: server)
        try disk.empty()
        let after = try await post(server, 1, round: 2002)
        #expect(after.status == 201)
        kept[1] = after.labels
        #expect(try await server.call("GET", "/v1/projects/p/volumes/v/image?format=nii").status == 200)
        _ = await server.stop(by: SIGKILL)
        let data = disk.folder.url.appending(path: "data")
        _ = try KilledFolder(data)
        server = try await RunningServer(data: data)
        try await expect(kept, of: server)
        #expect(await server.stop(by: SIGTERM) == 0)
    }

    @Test(.enabled(if: SmallDisk.canBeMade, SmallDisk.whyNot), .timeLimit(.minutes(10)))
    func `a full disk can be freed, also after a restart, and then works as before`() async throws {
        let disk = try SmallDisk(megabytes: 48)
        var server = try await start(disk)
        for name in ["large", "larger"] {
            let file = NumPyFile.noise(z: 24, y: 512, x: 512, seed: 1)
            try #require(try await server.call("PUT", "/v1/projects/p/volumes/\(name)", file).status == 201)
        }
        try disk.fill()
        for name in ["large", "larger"] {
            let deleted = try await server.call("DELETE", "/v1/projects/p/volumes/\(name)")
            #expect(deleted.status == 204, "\(String(decoding: deleted.body, as: UTF8.self))")
            guard name == "large" else { continue }
            #expect(try await server.call("GET", "/v1/projects/p/volumes/v/slices/z/3").status == 200)
            #expect(await server.stop(by: SIGKILL) != 0)
            try disk.fill()
            server = try await RunningServer(data: disk.folder.url.appending(path: "data"))
        }
        // The space has come back: nothing else was removed.
        #expect(try await post(server, 1, round: 1).status == 201)
        let again = NumPyFile.noise(z: 8, y: 512, x: 512, seed: 1)
        #expect(try await server.call("PUT", "/v1/projects/p/volumes/again", again).status == 201)
        #expect(await server.stop(by: SIGTERM) == 0)
        _ = try KilledFolder(disk.folder.url.appending(path: "data"))
    }

    private func expect(_ slices: [Int: Data], of server: RunningServer) async throws {
        for (index, labels) in slices {
            let answer = try await server.call("GET", "/v1/projects/p/volumes/v/annotations/z/\(index)?format=raw")
            #expect(answer.body == labels)
        }
    }

    private func gzipped(_ bytes: Data) async throws -> Data {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "file")
        try bytes.write(to: file)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["gzip", file.path]
        try process.run()
        process.waitUntilExit()
        return try Data(contentsOf: folder.url.appending(path: "file.gz"))
    }
}
