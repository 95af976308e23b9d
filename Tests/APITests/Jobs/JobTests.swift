import HTTP
import JSON
import Jobs
import Store
import TestSupport
import Testing
import Training
import Volumes

@Suite struct JobTests {
    private static let jobs = "/v1/projects/p/jobs"

    /// Runs the queue while the body runs.
    private func running(_ fixture: APIFixture, _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await fixture.jobs.run() }
            let result: Result<Void, any Error>
            do { result = .success(try await body()) } catch { result = .failure(error) }
            group.cancelAll()
            try await group.waitForAll()
            try result.get()
        }
    }

    @Test func `a job is accepted with its place, and its events end with it`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        let accepted = try await fixture(.post, Self.jobs, #"{"kind":"train","budget":{"steps":3}}"#)
        #expect(accepted.status == 202)
        let place = try #require(accepted.headers["Location"])
        #expect(place.hasPrefix("\(Self.jobs)/"))
        #expect(accepted.json["state"].string == "queued")
        #expect(accepted.json["progress"].names == ["eta", "loss", "seconds", "step", "steps"])
        #expect(accepted.json["request"]["budget"]["steps"].number == 3)
        #expect(try await fixture(.get, "\(Self.jobs)?state=queued").json.count == 1)
        try await running(fixture) {
            let events = try await fixture(.get, "\(place)/events")
            #expect(events.headers["Content-Type"] == "text/event-stream")
            #expect(events.text.contains("event: state\n"))
            #expect(events.text.contains("event: log\n"))
            #expect(events.text.contains(#""state":"succeeded""#))
            let first = try #require(events.text.firstMatch(of: #/id: (\d+)/#)?.1)
            let rest = try await fixture(.get, "\(place)/events", headers: ["Last-Event-ID": String(first)])
            #expect(!rest.text.contains("id: \(first)\n"))
            #expect(rest.text.contains(#""state":"succeeded""#))
        }
        let done = try await fixture(.get, place)
        #expect(done.json["state"].string == "succeeded")
        #expect(done.json["result"] == IdleWork.result(of: done.json["kind"].string ?? ""))
        #expect(done.json["finished"].string?.hasSuffix("Z") == true)
        #expect(try await fixture(.get, "\(place)/curve").json == .array([]))
        #expect(try await fixture(.post, "\(place)/cancel", "").status == 409)
    }

    @Test func `a long curve is thinned, its ends stay`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        let accepted = try await fixture(.post, Self.jobs, #"{"kind":"train"}"#)
        let id = try #require(accepted.json["id"].number)
        try await fixture.store.appendCurve(
            job: Int64(id), (1...1900).map { CurvePointRecord(step: $0 * 10, seconds: Double($0), loss: 0.5) })
        let curve = try await fixture(.get, "\(Self.jobs)/\(Int(id))/curve").json
        #expect(curve.count <= 1000)
        #expect(curve[0]["step"].number == 10)
        #expect(curve[curve.count - 1]["step"].number == 19_000)
    }

    @Test func `an experiment's result is there as JSON, as a table and as a plot`() async throws {
        let fixture = try APIFixture(work: nil)
        try await fixture.furnish(Samples.image(extent: Extent(z: 4, y: 16, x: 16)))
        for (axis, index) in [("z", 1), ("z", 3), ("y", 5)] {
            let size = axis == "z" ? 16 * 16 : 4 * 16
            let values = (0..<size).map { UInt8($0 % 3) }
            let posted = try await fixture(
                .post, "/v1/projects/p/volumes/v/annotations?axis=\(axis)&index=\(index)",
                headers: ["Content-Type": "application/octet-stream"], values)
            #expect(posted.status == 201)
        }
        let recipe = #"{"base":2,"levels":2,"patch":{"z":4,"y":16,"x":16}}"#
        let accepted = try await fixture(
            .post, Self.jobs,
            #"{"kind":"crossvalidate","folds":3,"variants":[{"norm":"batch"}],"recipe":\#(recipe),"budget":{"steps":2}}"#
        )
        #expect(accepted.status == 202, "\(accepted.text)")
        let place = try #require(accepted.headers["Location"])
        #expect(try await fixture(.get, "\(place)/result").status == 404)
        try await running(fixture) { _ = try await fixture(.get, "\(place)/events") }
        let job = try await fixture(.get, place)
        #expect(job.json["state"].string == "succeeded", "\(job.text)")
        let result = try await fixture(.get, "\(place)/result")
        #expect(result.json == job.json["result"])
        #expect(result.json["series"][0]["points"].count == 3)
        #expect(result.json["runs"].count == 3)
        let table = try await fixture(.get, "\(place)/result?format=md")
        #expect(table.headers["Content-Type"]?.hasPrefix("text/markdown") == true)
        #expect(table.text.contains("| subset 3 |"))
        let plot = try await fixture(.get, "\(place)/result?format=svg")
        #expect(plot.headers["Content-Type"] == "image/svg+xml")
        #expect(plot.text.hasPrefix("<svg"))
        #expect(try await fixture(.get, "\(place)/result?format=png").status == 422)
    }

    @Test func `a training's result is JSON alone`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        let place = try #require(try await fixture(.post, Self.jobs, #"{"kind":"train"}"#).headers["Location"])
        try await running(fixture) { _ = try await fixture(.get, "\(place)/events") }
        #expect(try await fixture(.get, "\(place)/result").json == IdleWork.result(of: "train"))
        #expect(try await fixture(.get, "\(place)/result?format=md").status == 422)
    }

    @Test func `what can't be meant is refused with the field`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        func refusal(_ body: String) async throws -> (Int, String?) {
            let reply = try await fixture(.post, Self.jobs, body)
            return (reply.status, reply.json["field"].string)
        }
        #expect(try await refusal("train") == (400, nil))
        #expect(try await refusal("{}") == (422, "kind"))
        #expect(try await refusal(#"{"kind":"dance"}"#) == (422, "kind"))
        #expect(try await refusal(#"{"kind":"train","bugdet":{}}"#) == (422, "bugdet"))
        #expect(try await refusal(#"{"kind":"train","budget":{"steps":"many"}}"#) == (422, "budget.steps"))
        #expect(try await fixture(.get, "\(Self.jobs)?state=lazy").json["field"].string == "state")
        #expect(try await fixture(.get, "\(Self.jobs)/1000").status == 404)
        #expect(try await fixture(.get, "\(Self.jobs)/first").status == 404)
        #expect(try await fixture(.post, "/v1/projects/q/jobs", #"{"kind":"train"}"#).status == 404)
    }

    @Test func `a waiting job is cancelled at once and can be tried again`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        let place = try #require(try await fixture(.post, Self.jobs, #"{"kind":"predict"}"#).headers["Location"])
        #expect(try await fixture(.post, "\(place)/retry", "").status == 409)
        let cancelled = try await fixture(.post, "\(place)/cancel", "")
        #expect(cancelled.status == 200)
        #expect(cancelled.json["state"].string == "cancelled")
        let again = try await fixture(.post, "\(place)/retry", "")
        #expect(again.status == 202)
        #expect(again.json["state"].string == "queued")
        #expect(again.headers["Location"] != place)
    }

    @Test func `a name that is taken is a conflict, and a retry can have another`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        let body = #"{"kind":"train","name":"round1"}"#
        let place = try #require(try await fixture(.post, Self.jobs, body).headers["Location"])
        let taken = try await fixture(.post, Self.jobs, body)
        #expect(taken.status == 409 && taken.detail.contains("job 1 will make"))
        #expect(try await fixture(.put, "/v1/projects/p/models/round1", Nets.file()).status == 409)
        #expect(try await fixture(.post, "\(place)/cancel", "").status == 200)
        #expect(try await fixture(.put, "/v1/projects/p/models/round1", Nets.file()).status == 201)
        #expect(try await fixture(.post, "\(place)/retry", "").status == 409)
        #expect(try await fixture(.post, "\(place)/retry?name=latest", "").json["field"].string == "name")
        let renamed = try await fixture(.post, "\(place)/retry?name=round2", "")
        #expect(renamed.status == 202 && renamed.json["request"]["name"].string == "round2")
    }

    @Test func `one waits for the next state of a job, and no longer than asked`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        let place = try #require(try await fixture(.post, Self.jobs, #"{"kind":"predict"}"#).headers["Location"])
        let start = ContinuousClock.now
        #expect(try await fixture(.get, "\(place)?wait=1").json["state"].string == "queued")
        #expect(ContinuousClock.now - start >= .seconds(1))
        async let waiting = fixture(.get, "\(place)?wait=60")
        _ = try await fixture(.post, "\(place)/cancel", "")
        #expect(try await waiting.json["state"].string == "cancelled")
        // One that has ended does not change any more.
        #expect(try await fixture(.get, "\(place)?wait=60").json["state"].string == "cancelled")
        #expect(ContinuousClock.now - start < .seconds(30))
        for wrong in ["61", "-1", "long"] {
            #expect(try await fixture(.get, "\(place)?wait=\(wrong)").json["field"].string == "wait")
        }
    }
}
