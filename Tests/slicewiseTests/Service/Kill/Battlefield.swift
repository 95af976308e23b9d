import Foundation
import TestSupport
import Testing

/// A disk, a control group and a pipe of the server's own, as far as they can be had, and what is done with them to it.
final class Battlefield: Sendable {
    /// The files that the server may have open; its connections take most of them.
    private static let files = 256
    private static let connections = 64

    let data: URL
    private let folder: TemporaryFolder
    private let disk: SmallDisk?
    private let group: ControlGroup?

    init() throws {
        disk = SmallDisk.canBeMade ? try SmallDisk(megabytes: 768) : nil
        group = ControlGroup.canBeMade ? try ControlGroup(megabytes: 1600) : nil
        folder = try disk?.folder ?? TemporaryFolder()
        data = folder.url.appending(path: "data")
    }

    /// Training does not stand back behind the clients, or it would hardly begin before the next kill.
    func start(log: FileHandle = .nullDevice) async throws -> RunningServer {
        let server = try await RunningServer(
            data: data,
            flags: [
                "--training-checkpoint-seconds", "1", "--training-niceness", "0", "--http-connections",
                "\(Self.connections)",
            ], files: Self.files, in: group, log: log)
        // It is the one to go when the group's memory is used up.
        let score = "/proc/\(server.process.processIdentifier)/oom_score_adj"
        try? "1000".write(toFile: score, atomically: false, encoding: .utf8)
        return server
    }

    /// Does it, and undoes it after a time; `false` if the server has ended from it, as it may for want of memory.
    func disturb(_ server: RunningServer, by kind: Disturbance, _ log: Pipe, for time: Duration) async throws -> Bool {
        let port = try #require(server.port)
        switch kind {
        case .fullDisk:
            try disk?.fill()
            try await Task.sleep(for: time)
            try disk?.empty()
        case .noFiles:
            try await onThread {
                let clients = (0..<2 * Self.files).compactMap { Self.upload($0, port) }
                Thread.sleep(forTimeInterval: time / .seconds(1))
                withExtendedLifetime(clients) {}
            }
        case .noMemory:
            let group = try #require(group)
            try await onThread {
                // Takes memory until there is no more in the group.
                while server.process.isRunning { group.run("head -c 3G /dev/zero | tail > /dev/null") }
            }
            return false
        case .stalledLog:
            // The pipe is full after some hundred requests.
            try await onThread { for _ in 0..<600 { try Self.ask("/v1/projects/p", port) } }
        case .closedLog:
            try log.fileHandleForReading.close()
        case .vanishedClients:
            try await onThread {
                for number in 0..<20 {
                    _ = Self.upload(number, port)
                    let client = try? RawConnection(port: port)
                    client?.send("GET /v1/projects/p/volumes/v/image?format=nii.gz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                }
            }
        }
        return true
    }

    /// Asks for something with a connection of its own, and reads the answer.
    private static func ask(_ path: String, _ port: Int) throws {
        let client = try RawConnection(port: port)
        client.send("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        _ = try client.reply()
    }

    /// The beginning of an upload whose rest never comes.
    private static func upload(_ number: Int, _ port: Int) -> RawConnection? {
        guard let client = try? RawConnection(port: port) else { return nil }
        client.send(
            "PUT /v1/projects/p/volumes/ghost\(number) HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4000000\r\n\r\n"
                + "half of a line")
        return client
    }

    /// The time until the server says that it is well; it is asked anew as long as it refuses.
    func timeToAnswer(_ server: RunningServer) async throws -> Duration {
        let (port, start) = (try #require(server.port), ContinuousClock.now)
        return try await onThread {
            while ContinuousClock.now - start < .seconds(30) {
                guard let client = try? RawConnection(port: port) else { continue }
                client.send("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                if (try? client.reply().status) == 200 { break }
            }
            return ContinuousClock.now - start
        }
    }
}
