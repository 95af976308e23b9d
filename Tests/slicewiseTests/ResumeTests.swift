import Foundation
import Testing

@Suite struct ResumeTests {
    /// Waits, by the events of a job, until one of a kind comes; the stream ends with the job at the latest.
    private func job(_ server: RunningServer, _ id: Int, until done: ([String: Any]) -> Bool) async throws -> [String:
        Any]
    {
        while true {
            let job = try await server.json("GET", "/v1/projects/p/jobs/\(id)")
            if done(job) { return job }
            try #require(job["state"] as? String != "failed", "\(job)")
            await Task.yield()
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a training goes on after its server was killed`() async throws {
        let folder = try TemporaryFolder()
        _ = try await Program.run(
            "phantom", "--size", "12,32,32", "--channels", "1", "--slices", "1", "--out", folder.url.path)
        let data = folder.url.appending(path: "data")
        let first = try await RunningServer(data: data)
        let classes = #"{"classes":[{"name":"a"},{"name":"b"},{"name":"c"}]}"#
        _ = try await first.json("PUT", "/v1/projects/p", classes)
        let image = try Data(contentsOf: folder.url.appending(path: "image.nii.gz"))
        #expect(try await first.call("PUT", "/v1/projects/p/volumes/v", image).status == 201)
        let sparse = try Data(contentsOf: folder.url.appending(path: "sparse.nii.gz"))
        #expect(try await first.call("PUT", "/v1/projects/p/volumes/v/annotations", sparse).status < 300)
        let made = try await first.json(
            "POST", "/v1/projects/p/jobs",
            #"{"kind":"train","budget":{"steps":4000,"seconds":12},"recipe":{"preset":"fast","base":4,"levels":2}}"#)
        let id = try #require(made["id"] as? Int)
        _ = try await job(first, id) { ($0["progress"] as? [String: Any])?["step"] as? Int ?? 0 > 5 }
        _ = await first.stop(by: SIGKILL)

        let second = try await RunningServer(data: data)
        let ended = try await job(second, id) { $0["state"] as? String == "succeeded" }
        #expect(ended["model"] is String)
        let prediction = try await second.call("GET", "/v1/projects/p/volumes/v/prediction?format=raw")
        #expect(prediction.body.count == 12 * 32 * 32)
        #expect(await second.stop(by: SIGTERM) == 0)
    }
}
