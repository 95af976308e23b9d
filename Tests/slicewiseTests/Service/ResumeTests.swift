import Foundation
import TestSupport
import Testing

@Suite struct ResumeTests {
    /// The job as soon as it has made some steps.
    private func startedJob(_ server: RunningServer, _ id: Int) async throws -> [String: Any] {
        while true {
            let job = try await server.json("GET", "/v1/projects/p/jobs/\(id)")
            let state = try #require(job["state"] as? String)
            try #require(["queued", "running"].contains(state), "\(job)")
            if (job["progress"] as? [String: Any])?["step"] as? Int ?? 0 > 5 { return job }
            await Task.yield()
        }
    }

    /// The job when it has ended, which is when its stream of events ends.
    private func endedJob(_ server: RunningServer, _ id: Int) async throws -> [String: Any] {
        let events = try await server.call("GET", "/v1/projects/p/jobs/\(id)/events")
        #expect(events.status == 200)
        return try await server.json("GET", "/v1/projects/p/jobs/\(id)")
    }

    @Test(.timeLimit(.minutes(5)))
    func `a training whose server was killed is taken up again and ends well`() async throws {
        let folder = try TemporaryFolder()
        defer { folder.keep() }
        _ = try await Program.run(
            "phantom", "--size", "12,32,32", "--channels", "1", "--slices", "1", "--out", folder.url.path)
        let data = folder.url.appending(path: "data")
        // Other tests, and the client that waits, would keep a training that stands back from its end.
        let flags = ["--training-threads", "1", "--training-niceness", "0"]
        let first = try await RunningServer(data: data, flags: flags)
        let classes = #"{"classes":[{"name":"a"},{"name":"b"},{"name":"c"}]}"#
        _ = try await first.json("PUT", "/v1/projects/p", classes)
        let image = try Data(contentsOf: folder.url.appending(path: "image.nii.gz"))
        #expect(try await first.call("PUT", "/v1/projects/p/volumes/v", image).status == 201)
        let sparse = try Data(contentsOf: folder.url.appending(path: "sparse.nii.gz"))
        #expect(try await first.call("PUT", "/v1/projects/p/volumes/v/annotations", sparse).status < 300)
        let made = try await first.json(
            "POST", "/v1/projects/p/jobs",
            #"{"kind":"train","budget":{"steps":2000},"recipe":{"preset":"fast","levels":2}}"#)
        let id = try #require(made["id"] as? Int)
        _ = try await startedJob(first, id)
        _ = await first.stop(by: SIGKILL)

        let second = try await RunningServer(data: data, flags: flags)
        let ended = try await endedJob(second, id)
        #expect(ended["state"] as? String == "succeeded")
        #expect(ended["attempts"] as? Int == 2)
        #expect(ended["model"] is String)
        let prediction = try await second.call("GET", "/v1/projects/p/volumes/v/prediction?format=raw")
        #expect(prediction.body.count == 12 * 32 * 32)
        #expect(await second.stop(by: SIGTERM) == 0)
    }
}
