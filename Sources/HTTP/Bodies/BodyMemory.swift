import Synchronization

/// The memory that the bodies of all requests may take together.
final class BodyMemory: Sendable {
    /// A part of it, given back with its last reference.
    final class Share: Sendable {
        private let memory: BodyMemory
        private let count: Int

        fileprivate init(_ memory: BodyMemory, _ count: Int) {
            self.memory = memory
            self.count = count
        }

        deinit { memory.giveBack(count) }
    }

    private let limit: Int
    private let metrics: ServerMetrics
    private let used = Mutex(0)

    init(limit: Int, metrics: ServerMetrics = ServerMetrics()) {
        self.limit = limit
        self.metrics = metrics
    }

    /// Takes so many bytes of it; throws 503 if fewer are left.
    func share(of count: Int) throws(HTTPError) -> Share {
        let isLeft = used.withLock { used in
            guard count <= limit - used else { return false }
            used += count
            return true
        }
        guard isLeft else { throw .outOfBodyMemory }
        metrics.bodies(count)
        return Share(self, count)
    }

    private func giveBack(_ count: Int) {
        used.withLock { $0 -= count }
        metrics.bodies(-count)
    }
}
