import Synchronization

/// Counts a server's connections and requests, and their time and bytes.
package final class ServerMetrics: Sendable {
    /// The labels of a request; unknown paths and methods count as one kind, so that clients cannot create many.
    fileprivate struct Kind: Hashable {
        let method: String
        let route: String
    }

    fileprivate struct Tally {
        var byStatus: [Int: Int] = [:]
        var received = 0
        var sent = 0
        var seconds = 0.0
        /// Requests in each bucket (not cumulative), with one more bucket for longer ones.
        var buckets = [Int](repeating: 0, count: ServerMetrics.bounds.count + 1)
    }

    /// Upper ends of the histogram's buckets, in seconds.
    private static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

    private let tallies = Mutex<[Kind: Tally]>([:])
    private let open = Atomic(0)
    private let accepted = Atomic(0)
    private let bodyBytes = Atomic(0)
    /// Counters that others keep.
    private let others = Mutex<[(name: String, help: String, value: @Sendable () -> Int)]>([])

    package init() {}

    func connectionOpened() {
        open.add(1, ordering: .relaxed)
        accepted.add(1, ordering: .relaxed)
    }

    func connectionClosed() { open.subtract(1, ordering: .relaxed) }

    /// Counts sockets that are kept for a while after their connection, or closed.
    func lingers(_ sockets: Int) { open.add(sockets, ordering: .relaxed) }

    /// Counts memory that bodies take, or give back.
    func bodies(_ bytes: Int) { bodyBytes.add(bytes, ordering: .relaxed) }

    /// Adds a counter that somebody else keeps.
    package func add(counter name: String, _ help: String, _ value: @escaping @Sendable () -> Int) {
        others.withLock { $0.append((name, help, value)) }
    }

    package func record(_ completion: Completion) {
        let method = Method(rawValue: completion.head.method)?.rawValue ?? "other"
        let kind = Kind(method: method, route: completion.head.route ?? "none")
        let bucket = ServerMetrics.bounds.firstIndex { completion.seconds <= $0 } ?? ServerMetrics.bounds.count
        tallies.withLock { tallies in
            tallies[kind, default: Tally()].add(completion, bucket)
        }
    }

    /// Writes all counts so far.
    package func write(to text: inout PrometheusText) {
        let all = tallies.withLock { $0 }.sorted { ($0.key.route, $0.key.method) < ($1.key.route, $1.key.method) }
        text.begin("slicewise_http_requests_total", .counter, "Requests answered.")
        for (kind, tally) in all {
            for (status, count) in tally.byStatus.sorted(by: { $0.key < $1.key }) {
                text.sample(kind.labels + [("status", "\(status)")], count)
            }
        }
        text.begin("slicewise_http_request_seconds", .histogram, "Time from a request's first line to its reply's end.")
        for (kind, tally) in all {
            var sum = 0
            for (bound, count) in zip(ServerMetrics.bounds.map { "\($0)" } + ["+Inf"], tally.buckets) {
                sum += count
                text.sample(suffix: "_bucket", kind.labels + [("le", bound)], sum)
            }
            text.sample(suffix: "_sum", kind.labels, tally.seconds)
            text.sample(suffix: "_count", kind.labels, sum)
        }
        text.begin("slicewise_http_received_bytes_total", .counter, "Bytes of request bodies received.")
        for (kind, tally) in all { text.sample(kind.labels, tally.received) }
        text.begin("slicewise_http_sent_bytes_total", .counter, "Bytes of response bodies sent.")
        for (kind, tally) in all { text.sample(kind.labels, tally.sent) }
        text.begin(
            "slicewise_http_connections", .gauge, "Open connections, and those of refused clients that still send.")
        text.sample([], open.load(ordering: .relaxed))
        text.begin("slicewise_http_connections_total", .counter, "Connections accepted.")
        text.sample([], accepted.load(ordering: .relaxed))
        text.begin("slicewise_http_body_bytes", .gauge, "Memory taken for the bodies of requests.")
        text.sample([], bodyBytes.load(ordering: .relaxed))
        for other in others.withLock({ $0 }) {
            text.begin(other.name, .counter, other.help)
            text.sample([], other.value())
        }
    }
}

extension ServerMetrics.Kind {
    fileprivate var labels: [(String, String)] { [("method", method), ("route", route)] }
}

extension ServerMetrics.Tally {
    fileprivate mutating func add(_ completion: Completion, _ bucket: Int) {
        byStatus[completion.status, default: 0] += 1
        received += completion.received
        sent += completion.sent
        seconds += completion.seconds
        buckets[bucket] += 1
    }
}
