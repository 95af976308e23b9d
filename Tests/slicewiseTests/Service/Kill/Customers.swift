import Foundation
import TestSupport
import Testing

/// Clients that ask without pause until the server is gone.
struct Customers: Sendable {
    static let extent = (z: 16, y: 32, x: 32)
    static let classes = #"{"classes":[{"name":"a"},{"name":"b"},{"name":"c"}]}"#
    static let recipe = #"{"preset":"fast","base":4,"levels":2,"patch":{"z":8,"y":16,"x":16}}"#

    let server: RunningServer
    let ledger: Ledger

    /// Makes the project, and the volumes `v` for slices and `w` for label volumes.
    func open() async throws {
        _ = try await server.json("PUT", "/v1/projects/p", Self.classes)
        for name in ["v", "w"] { try await begin(name) }
    }

    private func begin(_ name: String) async throws {
        let file = NumPyFile.noise(z: Self.extent.z, y: Self.extent.y, x: Self.extent.x, seed: 0)
        try #require(try await server.call("PUT", "/v1/projects/p/volumes/\(name)", file).status == 201)
    }

    /// Begins the volume `w` anew, so that the history of its labels does not make every later round slower.
    func renew() async throws {
        try #require(try await server.call("DELETE", "/v1/projects/p/volumes/w").status == 204)
        try await begin("w")
        await ledger.didRenew()
    }

    /// Returns when every client has lost the server.
    ///
    /// Label volumes come in even rounds only, to leave trainings some time of the processors.
    func run(round: Int) async {
        await withTaskGroup { group in
            let seed = UInt64(1000 + round)
            group.addTask {
                var generator = SeededGenerator(seed: seed)
                await untilGone { _ in try await post(using: &generator) }
            }
            if round.isMultiple(of: 2) {
                group.addTask {
                    var generator = SeededGenerator(seed: seed << 32)
                    await untilGone { _ in try await put(using: &generator) }
                }
            }
            group.addTask {
                await untilGone { try await upload("u\(seed)-\($0)", seed: seed << 32 + UInt64($0)) }
            }
            group.addTask { await untilGone { try await train($0) } }
        }
    }

    /// Repeats a call with a counter until the connection breaks; anything else that goes wrong is an issue.
    private func untilGone(_ call: (Int) async throws -> Void) async {
        var count = 0
        do {
            while true {
                try await call(count)
                count += 1
            }
        } catch is URLError {
        } catch {
            Issue.record("\(error)")
        }
    }

    /// Whether a call was done; where there is no room, or not now, it may be refused.
    private func isDone(_ answer: (status: Int, body: Data), _ status: Int) throws -> Bool {
        if [503, 507].contains(answer.status) { return false }
        try #require(answer.status == status, "\(String(decoding: answer.body, as: UTF8.self))")
        return true
    }

    private func post(using generator: inout SeededGenerator) async throws {
        let (axis, count) =
            [("z", Self.extent.z), ("y", Self.extent.y), ("x", Self.extent.x)].randomElement(using: &generator) ?? (
                "z", 1
            )
        let slice = Ledger.Slice(axis: axis, index: Int.random(in: 0..<count, using: &generator))
        let pixels = Self.extent.z * Self.extent.y * Self.extent.x / count
        let labels = Data((0..<pixels).map { _ in [0, 1, 2, 255].randomElement(using: &generator) ?? 0 })
        await ledger.willPost(slice, labels)
        let path = "/v1/projects/p/volumes/v/annotations?axis=\(axis)&index=\(slice.index)"
        guard try await isDone(server.call("POST", path, labels), 201) else { return await ledger.wasRefused(slice) }
        await ledger.didPost(slice)
    }

    /// A label volume without an unlabeled voxel: of what comes later, all or nothing may be seen.
    private func put(using generator: inout SeededGenerator) async throws {
        let (z, y, x) = Self.extent
        let labels = Data(generator.bytes(z * y * x, in: 0...2))
        await ledger.willPut(labels)
        let file = NumPyFile.header(type: "|u1", z: z, y: y, x: x) + labels
        let answer = try await server.call("PUT", "/v1/projects/p/volumes/w/annotations", file)
        guard try isDone(answer, 201) else { return await ledger.wasRefusedLabels() }
        await ledger.didPut()
    }

    private func upload(_ name: String, seed: UInt64) async throws {
        let file = NumPyFile.noise(z: 16, y: 256, x: 512, seed: seed)
        await ledger.willUpload(name, file)
        let answer = try await server.call("PUT", "/v1/projects/p/volumes/\(name)", file)
        guard try isDone(answer, 201) else { return await ledger.wasRefused(name) }
        await ledger.didUpload(name)
        guard let old = await ledger.willRemove() else { return }
        let removed = try await server.call("DELETE", "/v1/projects/p/volumes/\(old)")
        guard try isDone(removed, 204) else { return await ledger.wasRefused(old) }
        await ledger.didRemove(old)
    }

    /// Queues a training, then a prediction, and waits for each.
    private func train(_ count: Int) async throws {
        let waiting = try await unfinished()
        let body =
            count.isMultiple(of: 2)
            ? #"{"kind":"train","budget":{"steps":400},"recipe":\#(Self.recipe),"volumes":["v"]}"#
            : #"{"kind":"predict","volumes":["v"]}"#
        if waiting == nil {
            let answer = try await server.call("POST", "/v1/projects/p/jobs", Data(body.utf8))
            if answer.status == 422 { return }  // No slice or no model yet.
            guard try isDone(answer, 202) else { return }
            let job = try JSONSerialization.jsonObject(with: answer.body) as? [String: Any]
            await ledger.didQueue(try #require(job?["id"] as? Int))
        }
        if let job = try await unfinished() { _ = try await server.call("GET", "/v1/projects/p/jobs/\(job)/events") }
    }

    private func unfinished() async throws -> Int? {
        for state in ["running", "queued"] {
            let answer = try await server.call("GET", "/v1/projects/p/jobs?state=\(state)")
            let jobs = try JSONSerialization.jsonObject(with: answer.body) as? [[String: Any]]
            if let job = jobs?.first?["id"] as? Int { return job }
        }
        return nil
    }
}
