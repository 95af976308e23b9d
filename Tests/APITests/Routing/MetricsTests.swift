import API
import HTTP
import Store
import TestSupport
import Testing

@Suite struct MetricsTests {
    private func figures(_ text: String) throws -> [String: Double] {
        var figures: [String: Double] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let space = try #require(line.lastIndex(of: " "))
            let value: Double = try #require(Double(String(line[line.index(after: space)...])), "\(line)")
            figures[String(line[..<space])] = value
        }
        return figures
    }

    @Test func `figures are in Prometheus' format, each family described once`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        #expect(try await fixture(.post, "/v1/projects/p/jobs", #"{"kind":"train"}"#).status == 202)
        let reply = try await fixture(.get, "/metrics")
        #expect(reply.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
        let figures = try figures(reply.text)
        #expect(figures[#"slicewise_jobs{state="queued"}"#] == 1)
        #expect(figures[#"slicewise_jobs{state="running"}"#] == 0)
        #expect(figures["slicewise_training_steps_per_second"] == 0)
        for name in ["slicewise_database_bytes", "slicewise_disk_free_bytes", "process_resident_memory_bytes"] {
            #expect(try #require(figures[name]) > 10_000, "\(name)")
        }
        let families = reply.text.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }
        #expect(Set(families).count == families.count)
    }

    @Test func `the rate is that of the job that trains`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        #expect(try await fixture(.post, "/v1/projects/p/jobs", #"{"kind":"train"}"#).status == 202)
        let job = try #require(try await fixture.store.nextQueuedJob())
        try await fixture.store.updateProgress(job: job.id, #"{"phase":"training","step":30,"seconds":12}"#)
        #expect(try figures(try await fixture(.get, "/metrics").text)["slicewise_training_steps_per_second"] == 2.5)
        try await fixture.store.updateProgress(job: job.id, #"{"phase":"predicting","step":30,"seconds":12}"#)
        #expect(try figures(try await fixture(.get, "/metrics").text)["slicewise_training_steps_per_second"] == 0)
    }

    @Test func `a server whose disk is full lives but is not ready`() async throws {
        var settings = APISettings()
        settings.reserve = .max
        let fixture = try APIFixture(settings: settings)
        let ready = try await fixture(.get, "/readyz")
        #expect(ready.status == 503 && ready.headers["Retry-After"] != nil && ready.detail.contains("disk"))
        #expect(try await fixture(.get, "/healthz").status == 200)
    }

    @Test func `a server whose database is gone is not ready`() async throws {
        let fixture = try APIFixture()
        try fixture.store.close()
        #expect(try await fixture(.get, "/readyz").status == 503)
        #expect(try await fixture(.get, "/healthz").status == 200)
    }
}
