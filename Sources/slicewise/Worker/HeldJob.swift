internal import Dispatch
internal import Foundation
internal import Jobs
internal import Synchronization

/// A job that the worker holds, and the calls about it.
struct HeldJob: Sendable, WorkSource {
    /// The answer to a claim.
    struct Claim: Codable, Sendable {
        var job: Int64
        var attempt: Int
        var project: String
        var kind: String
        /// After how many seconds without a call the job is taken away.
        var seconds: Double
    }

    /// Bytes of something fetched that stand in the log.
    private static let worthTelling = 1 << 20

    let claim: Claim
    let link: ServerLink
    let cache: WorkerCache
    let isStopping: @Sendable () -> Bool
    /// What the worker has to say in the job's log.
    let lines = JobLines()

    init(claim: Claim, link: ServerLink, cache: WorkerCache, isStopping: @escaping @Sendable () -> Bool) {
        var link = link
        link.onReturn = { [lines] in lines.add($0) }
        self.claim = claim
        self.link = link
        self.cache = cache
        self.isStopping = isStopping
    }

    private var path: String { "/v1/leases/\(claim.job)/\(claim.attempt)" }
    private var patience: Duration { .seconds(claim.seconds) }

    /// The unit to compute; `nil` if there is none yet.
    func unit() async throws -> WorkUnit? {
        let (status, body) = try await link.call("GET", "\(path)/unit?wait=5", within: patience)
        return try status == 204 ? nil : WorkUnit(text: String(decoding: body, as: UTF8.self))
    }

    /// Says that the worker is there, and how far it is; whether it has to stop.
    func renew(_ report: WorkReport) async throws -> Bool {
        struct Order: Decodable { var stop: Bool }
        var report = report
        report.log = lines.take()
        do {
            let body = try await link.call(
                "POST", "\(path)/renew", JSONEncoder().encode(report), type: "application/json", within: patience
            ).body
            return try JSONDecoder().decode(Order.self, from: body).stop
        } catch {
            lines.putBack(report.log)
            throw error
        }
    }

    func send(checkpoint: Data) async throws {
        _ = try await link.call("PUT", "\(path)/checkpoint", checkpoint, within: patience)
    }

    func send(_ result: WorkResult) async throws {
        _ = try await link.call("POST", "\(path)/result", result.encoded(), within: patience)
    }

    /// Sends a part of a prediction; blocks until it is there.
    func sendNow(_ part: PredictedPart) throws {
        final class Outcome: Sendable {
            let failure = Mutex<(any Error)?>(nil)
        }
        let (outcome, end) = (Outcome(), DispatchSemaphore(value: 0))
        let body = try part.encoded()
        Task {
            do {
                _ = try await link.call("POST", "\(path)/parts", body, within: patience)
            } catch {
                outcome.failure.withLock { $0 = error }
            }
            end.signal()
        }
        end.wait()
        if let failure = outcome.failure.withLock({ $0 }) { throw failure }
    }

    func file(_ content: WorkUnit.Content) async throws -> URL {
        var isFetched = false
        let start = ContinuousClock.now
        let file = try await cache.file(content) { number in
            isFetched = true
            return try await piece(number, of: content)
        }
        if isFetched, content.bytes >= Self.worthTelling {
            let seconds = Int(((ContinuousClock.now - start) / .seconds(1)).rounded(.up))
            lines.add("fetched \(content.bytes >> 20) MiB in \(seconds) s")
        }
        return file
    }

    func data(_ content: WorkUnit.Content) async throws -> Data {
        if content.isKept { return try Data(contentsOf: try await file(content)) }
        var data = Data()
        try await WorkerCache.read(content, { try await piece($0, of: content) }) { data.append($0) }
        return data
    }

    private func piece(_ number: Int, of content: WorkUnit.Content) async throws -> Data {
        guard !isStopping() else { throw WorkerError.stopping }
        return try await link.call(
            "GET", "\(path)/content/\(content.digest)?piece=\(number)", within: patience
        ).body
    }
}
