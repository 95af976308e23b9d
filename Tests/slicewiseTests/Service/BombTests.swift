import Foundation
import TestSupport
import Testing

/// Small files that claim or unpack to much, sent to a running server, whose memory and folders are looked at.
@Suite struct BombTests {
    private static let place = "/v1/projects/p/volumes/v"
    /// What the bombs unpack to; the server allows 16 MiB.
    private static let size = 256 << 20

    @Test func `bombs and lies are refused with little memory and leave nothing behind`() async throws {
        let temporary = try TemporaryFolder(), folder = temporary.url
        let server = try await RunningServer(
            data: folder, flags: ["--limits-volume-megabytes", "16", "--limits-upload-megabytes", "4"])
        _ = try await server.json("PUT", "/v1/projects/p", #"{"classes":[{"name":"a"},{"name":"b"}]}"#)
        let sound = Bomb.nifti([2, 4, 4], Data(count: 32))
        #expect(try await server.call("PUT", "/v1/projects/p/volumes/sound", sound).status == 201)
        let before = try memory(of: server)
        for bomb in try Bomb.volumes(Self.size) {
            let answer = try await server.call("PUT", Self.place, bomb.bytes)
            #expect(answer.status == bomb.status, "\(bomb.name): \(String(decoding: answer.body, as: UTF8.self))")
            let problem = try JSONSerialization.jsonObject(with: answer.body) as? [String: Any]
            #expect((problem?["detail"] as? String)?.contains(folder.path) == false, "\(bomb.name)")
        }
        let slice = "/v1/projects/p/volumes/sound/annotations?axis=z&index=0"
        for side in [8_000, 900_000, 1 << 31 - 1] {
            let answer = try await server.call("POST", slice, Bomb.png(side))
            #expect(answer.status == 422 && String(decoding: answer.body, as: UTF8.self).contains("4×4"))
        }
        #expect(try memory(of: server) - before < 32 << 20)
        for name in ["uploads", "scratch"] {
            let left = try? FileManager.default.contentsOfDirectory(atPath: folder.appending(path: name).path)
            #expect((left ?? []).isEmpty, "\(name)")
        }
        #expect(try await server.call("GET", Self.place).status == 404)
        #expect(try await server.call("GET", "/v1/projects/p/volumes/sound/image?format=raw").body == Data(count: 32))
        #expect(await server.stop(by: SIGTERM) == 0)
    }

    /// The most bytes that the server has had in memory.
    private func memory(of server: RunningServer) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(server.process.processIdentifier)/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
        return 1024 * (try #require(line.split(whereSeparator: { !$0.isNumber }).compactMap { Int($0) }.first))
    }
}
