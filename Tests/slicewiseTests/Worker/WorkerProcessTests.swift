import Foundation
import TestSupport
import Testing

/// A server and its workers, each a process.
@Suite(.serialized, .timeLimit(.minutes(10))) struct WorkerProcessTests {
    private static let recipe = #"{"preset":"fast","levels":2,"seed":7}"#

    private let folder: TemporaryFolder
    private var data: URL { folder.url.appending(path: "data") }

    init() throws { folder = try TemporaryFolder() }

    /// A worker with a cache of its own.
    private func start(_ name: String, _ server: RunningServer) throws -> Process {
        let process = try Program.process(
            [
                "worker", "--server", server.address, "--name", name, "--threads", "1", "--cache",
                folder.path("cache-\(name)"),
            ], [:], nil)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// A project `p` with an annotated volume `v`.
    private func furnish(_ server: RunningServer) async throws {
        _ = try await Program.run(
            "phantom", "--size", "12,32,32", "--channels", "1", "--slices", "1", "--out", folder.url.path)
        _ = try await server.json("PUT", "/v1/projects/p", #"{"classes":[{"name":"a"},{"name":"b"},{"name":"c"}]}"#)
        for (path, file) in [("", "image"), ("/annotations", "sparse")] {
            let bytes = try Data(contentsOf: folder.url.appending(path: "\(file).nii.gz"))
            try #require(try await server.call("PUT", "/v1/projects/p/volumes/v\(path)", bytes).status < 300)
        }
    }

    private func train(_ name: String, steps: Int, _ server: RunningServer) async throws -> Int {
        let job = try await server.json(
            "POST", "/v1/projects/p/jobs",
            #"{"kind":"train","name":"\#(name)","from":"scratch","budget":{"steps":\#(steps)},"recipe":\#(Self.recipe)}"#
        )
        return try #require(job["id"] as? Int)
    }

    private func job(_ id: Int, _ server: RunningServer) async throws -> [String: Any] {
        try await server.json("GET", "/v1/projects/p/jobs/\(id)")
    }

    /// Waits until a worker has made some steps of a job.
    private func steps(of id: Int, _ server: RunningServer) async throws {
        while true {
            let job = try await job(id, server)
            try #require(["queued", "running"].contains(job["state"] as? String), "\(job)")
            if (job["progress"] as? [String: Any])?["step"] as? Int ?? 0 > 5 { return }
            await Task.yield()
        }
    }

    @Test
    func `kill -9 of a worker costs nothing: another one goes on, and the model is that of the server's own training`()
        async throws
    {
        let flags = ["--workers-local", "0", "--workers-lease", "6", "--training-checkpoint-seconds", "1"]
        let server = try await RunningServer(data: data, flags: flags)
        try await furnish(server)
        let id = try await train("far", steps: 600, server)
        let first = try start("first", server)
        try await steps(of: id, server)
        while try !KilledFolder(data).checkpointed.contains(id) { await Task.yield() }
        _ = await first.end(by: SIGKILL)
        let second = try start("second", server)
        let events = try await server.call("GET", "/v1/projects/p/jobs/\(id)/events").body
        let ended = try await job(id, server)
        #expect(ended["state"] as? String == "succeeded", "\(ended)")
        #expect(ended["attempts"] as? Int == 2 && ended["worker"] as? String == "second")
        #expect(String(decoding: events, as: UTF8.self).contains("continuing from the checkpoint"))
        let prediction = try await server.call("GET", "/v1/projects/p/volumes/v/prediction?format=raw").body
        #expect(prediction.count == 12 * 32 * 32)

        // One that is told to stop gives its job back at once, long before the lease ends.
        let long = try await train("long", steps: 1_000_000, server)
        try await steps(of: long, server)
        #expect(await second.end(by: SIGTERM) == 0)
        #expect(try await job(long, server)["state"] as? String == "queued")
        // One that takes it up and is told to stop it keeps what was learned.
        let third = try start("third", server)
        while try await job(long, server)["state"] as? String != "running" { await Task.yield() }
        _ = try await server.json("POST", "/v1/projects/p/jobs/\(long)/cancel", "")
        _ = try await server.call("GET", "/v1/projects/p/jobs/\(long)/events")
        let cancelled = try await job(long, server)
        #expect(cancelled["state"] as? String == "cancelled" && cancelled["model"] as? String == "long", "\(cancelled)")
        #expect(await third.end(by: SIGTERM) == 0)
        #expect(await server.stop(by: SIGTERM) == 0)

        let own = try await RunningServer(data: data, flags: ["--training-threads", "1"])
        let local = try await train("near", steps: 600, own)
        _ = try await own.call("GET", "/v1/projects/p/jobs/\(local)/events")
        #expect(try await job(local, own)["state"] as? String == "succeeded")
        let (far, near) = (try await own.tensors(of: "far"), try await own.tensors(of: "near"))
        #expect(!far.isEmpty && far == near, "the same seed, steps and threads")
        let same = try await own.call("GET", "/v1/projects/p/volumes/v/prediction?format=raw&model=near").body
        #expect(same == prediction)
        let models = try JSONSerialization.jsonObject(with: try await own.call("GET", "/v1/projects/p/models").body)
        #expect((models as? [[String: Any]])?.count == 3, "far, long and near, each once")
        #expect(await own.stop(by: SIGTERM) == 0)
    }

    @Test func `a worker that may be idle for a time ends once no job comes`() async throws {
        let server = try await RunningServer(data: data, flags: ["--workers-local", "0"])
        try await furnish(server)
        let id = try await train("one", steps: 2, server)
        let worker = try await Program.run(
            "worker", "--server", server.address, "--idle", "1", "--cache", folder.path("cache"))
        #expect(worker.status == 0 && worker.output.contains("no job came for 1 s"), "\(worker.output)")
        #expect(try await job(id, server)["state"] as? String == "succeeded")
        #expect(await server.stop(by: SIGTERM) == 0)
    }

    @Test func `a worker for one job computes that one only, ends with it and leaves nothing behind`() async throws {
        let server = try await RunningServer(data: data, flags: ["--workers-local", "0"])
        try await furnish(server)
        let jobs = [try await train("one", steps: 2, server), try await train("two", steps: 2, server)]
        let scratch = try TemporaryFolder()
        func work(on job: Int) async throws -> Program.Outcome {
            try await Program.run(
                ["worker", "--server", server.address, "--job", "\(job)", "--threads", "1"],
                environment: ["TMPDIR": scratch.url.path])
        }
        let worker = try await work(on: jobs[1])
        #expect(worker.status == 0 && worker.output.contains("job \(jobs[1]) has succeeded"), "\(worker.output)")
        #expect(try await job(jobs[1], server)["state"] as? String == "succeeded")
        #expect(try await job(jobs[0], server)["state"] as? String == "queued")
        #expect(scratch.names.isEmpty)
        let none = try await work(on: 99)
        #expect(none.status == 0 && none.output.contains("no job 99"), "\(none.output)")
        let helper = try await Program.run(
            "worker", "--server", server.address, "--tiles-of", "\(jobs[1])", "--cache", folder.path("cache"))
        #expect(helper.status == 0 && helper.output.contains("job \(jobs[1]) has succeeded"), "\(helper.output)")
        let idle = try await Program.run(
            "worker", "--server", server.address, "--tiles-of", "\(jobs[0])", "--cache", folder.path("cache"), "--idle",
            "1")
        #expect(idle.status == 0 && idle.output.contains("no job came for 1 s"), "\(idle.output)")
        #expect(try await job(jobs[0], server)["state"] as? String == "queued")
        let both = try await Program.run("worker", "--server", server.address, "--job", "1", "--tiles-of", "2")
        #expect(both.status == 64 && both.errors.contains("choose one"), "\(both.errors)")
        #expect(await server.stop(by: SIGTERM) == 0)
    }

    @Test func `a worker removes what one that was killed left half fetched, and nothing that another fetches`()
        async throws
    {
        let cache = folder.url.appending(path: "cache", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: cache, withIntermediateDirectories: true)
        let files = ["whole", ".left.part", ".fetched.part"].map { cache.appending(path: $0) }
        for file in files { try Data([1]).write(to: file) }
        let fetched = try FileHandle(forWritingTo: files[2])
        try #require(flock(fetched.fileDescriptor, LOCK_EX) == 0)
        let server = try await RunningServer(data: data)
        let worker = try await Program.run("worker", "--server", server.address, "--idle", "1", "--cache", cache.path)
        #expect(worker.status == 0, "\(worker.errors)")
        let left = try FileManager.default.contentsOfDirectory(atPath: cache.path)
        #expect(left.sorted() == [".fetched.part", "whole"])
        try fetched.close()
        #expect(await server.stop(by: SIGTERM) == 0)
    }

    @Test func `a worker says why the server refuses it, or that there is none`() async throws {
        let token = try await Program.run(
            "token", "create", "--name", "anna", "--role", "viewer", "--data", data.path)
        let file = try folder.file("token", Array(token.output.utf8))
        let server = try await RunningServer(data: data)
        let refused = try await Program.run(
            "worker", "--server", server.address, "--token-file", file.path, "--cache", folder.path("cache"))
        #expect(refused.status == 1 && refused.errors.contains("needs the role worker"), "\(refused.errors)")
        let none = try await Program.run(
            "worker", "--server", server.address, "--token-file", folder.path("nowhere"), "--cache",
            folder.path("cache"))
        #expect(none.status == 1 && none.errors.contains("slicewise token create"), "\(none.errors)")
        let wrong = try await Program.run("worker", "--server", "annotate.example.org")
        #expect(wrong.status == 64 && wrong.errors.contains("https://host:8080"), "\(wrong.errors)")
        #expect(await server.stop(by: SIGTERM) == 0)
    }
}
