internal import Foundation
internal import HTTP
internal import JSON
internal import Jobs
internal import Store

/// Metrics and health checks for monitoring.
struct MetricsRoutes: Sendable {
    let api: API

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/metrics", "Metrics in Prometheus' text format.",
                answers: [.init(200, "The metrics", .init(type: "text/plain", schema: ["type": "string"]))],
                answer: metrics),
            Endpoint(
                .get, "/healthz", "Whether the server is running.", role: nil,
                answers: [.init(200, "It is running", .json("Health"))]
            ) { _ in .json(["status": "ok"] as JSONValue) },
            Endpoint(
                .get, "/readyz", "Whether the server is ready: its database answers, its disk has space.", role: nil,
                answers: [.init(200, "It is ready", .json("Health"))], answer: ready),
        ]
    }

    private func ready(_ request: Request) async throws -> Response {
        try api.store.checkPlace()
        do {
            _ = try await api.store.jobCounts()
        } catch {
            throw HTTPError(503, "the database does not answer; the log says why", headers: ["Retry-After": "5"])
        }
        guard api.store.freeBytes >= api.settings.reserve else {
            throw HTTPError(
                503, "the disk has less than \(api.settings.reserve >> 20) MiB left; free some space",
                headers: ["Retry-After": "60"])
        }
        return .json(["status": "ready"] as JSONValue)
    }

    private func metrics(_ request: Request) async throws -> Response {
        var text = PrometheusText()
        api.metrics.write(to: &text)
        text.begin("slicewise_jobs", .gauge, "Jobs by state.")
        let counts = try await api.store.jobCounts()
        for state in JobState.allCases { text.sample([("state", state.rawValue)], counts[state] ?? 0) }
        let rates = try await api.store.runningProgress().compactMap { JobProgress(stored: $0)?.stepsPerSecond }
        text.begin(
            "slicewise_training_steps_per_second", .gauge,
            "Of the running jobs since they started, workers' too; 0 if none is training.")
        text.sample([], rates.reduce(0, +))
        let workers = try await api.store.workers()
        text.begin("slicewise_workers", .gauge, "Workers heard of within a minute.")
        text.sample([], workers.count { $0.seen > Date(timeIntervalSinceNow: -60) })
        text.begin("slicewise_leases", .gauge, "Jobs that workers hold.")
        text.sample([], workers.count { $0.job != nil })
        text.begin(
            "slicewise_slice_tiles_total", .counter, "Tiles computed for slices without a prediction of their volume.")
        text.sample([], api.predictions.computedTiles)
        text.begin("slicewise_database_bytes", .gauge, "The size of the database with its write-ahead log.")
        text.sample([], api.store.databaseSize)
        text.begin("slicewise_disk_free_bytes", .gauge, "Free space on the database's disk.")
        text.sample([], api.store.freeBytes)
        text.begin("process_resident_memory_bytes", .gauge, "Resident memory of the server.")
        text.sample([], Self.residentBytes)
        return .bytes(Array(text.text.utf8), contentType: PrometheusText.contentType)
    }

    /// The second number in Linux's `statm` is the number of resident pages.
    private static var residentBytes: Int {
        let statm = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        let pages = statm.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}

extension JobProgress {
    /// The progress that is stored with a job; `nil` if there is none.
    init?(stored text: String?) {
        guard let text, let progress = try? JSONDecoder().decode(JobProgress.self, from: Data(text.utf8)) else {
            return nil
        }
        self = progress
    }

    /// Of a training since it began.
    var stepsPerSecond: Double? {
        guard phase == .training, let step, seconds > 0 else { return nil }
        return Double(step) / seconds
    }
}
