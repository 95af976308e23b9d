import Foundation
import TestSupport
import Testing

/// A service whose control group may take little memory.
@Suite(.enabled(if: ControlGroup.canBeMade, ControlGroup.whyNot), .timeLimit(.minutes(10)))
struct MemoryLimitTests {
    private static let megabytes = 400

    private let folder: TemporaryFolder
    private let group: ControlGroup

    init() throws {
        folder = try TemporaryFolder()
        group = try ControlGroup(megabytes: Self.megabytes)
    }

    /// With the project `p`, and the volume `v` with a slice.
    private func server() async throws -> RunningServer {
        let server = try await RunningServer(data: folder.url.appending(path: "data"), in: group)
        _ = try await server.json("PUT", "/v1/projects/p", Customers.classes)
        let (z, y, x) = Customers.extent
        let file = NumPyFile.noise(z: z, y: y, x: x, seed: 1)
        try #require(try await server.call("PUT", "/v1/projects/p/volumes/v", file).status == 201)
        let labels = Data((0..<y * x).map { UInt8($0 % 3) })
        let posted = try await server.call("POST", "/v1/projects/p/volumes/v/annotations?axis=z&index=3", labels)
        try #require(posted.status == 201)
        return server
    }

    /// The error of a job's request.
    private func refusal(_ server: RunningServer, _ job: String) async throws -> String {
        let answer = try await server.call("POST", "/v1/projects/p/jobs", Data(job.utf8))
        #expect(answer.status == 422)
        return String(decoding: answer.body, as: UTF8.self)
    }

    @Test func `what needs more memory than the group may take is refused with the limit`() async throws {
        let server = try await server()
        let recipe = #"{"base":64,"batch":8,"patch":{"z":64,"y":64,"x":64}}"#
        let text = try await refusal(server, #"{"kind":"train","predict":[],"recipe":\#(recipe)}"#)
        #expect(text.contains("of memory") && text.contains("the server may use 420 MB"), "\(text)")
        #expect(await server.stop(by: SIGTERM) == 0)
    }

    @Test func `a prediction that as one tile would be more than the group may take is made in smaller ones`()
        async throws
    {
        let server = try await server()
        // With base 8 a voxel of a tile takes 220 bytes: 700 MB.
        let size = (z: 64, y: 224, x: 224)
        let file = NumPyFile.noise(z: size.z, y: size.y, x: size.x, seed: 2)
        try #require(try await server.call("PUT", "/v1/projects/p/volumes/large", file).status == 201)
        let recipe = #"{"preset":"fast","base":8,"levels":2,"patch":{"z":8,"y":16,"x":16}}"#
        let job = try await server.json(
            "POST", "/v1/projects/p/jobs",
            #"{"kind":"train","budget":{"steps":2},"recipe":\#(recipe),"volumes":["v"],"predict":["large"]}"#)
        let id = try #require(job["id"] as? Int)
        _ = try await server.call("GET", "/v1/projects/p/jobs/\(id)/events")
        let ended = try await server.json("GET", "/v1/projects/p/jobs/\(id)")
        #expect(ended["state"] as? String == "succeeded", "\(ended)")
        let prediction = try await server.call("GET", "/v1/projects/p/volumes/large/prediction?format=raw")
        #expect(prediction.body.count == size.z * size.y * size.x)
        #expect(group.killed == 0)
        #expect(await server.stop(by: SIGTERM) == 0)
    }
}
