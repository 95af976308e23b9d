internal import Synchronization

/// Recently drawn pictures by entity tag, up to a number of bytes; the least recently used are removed first.
final class PictureCache: Sendable {
    private struct Entry {
        let bytes: [UInt8]
        var used: Int
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var held = 0
        var clock = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) { self.limit = limit }

    /// The picture with a tag, drawn unless it is cached; simultaneous requests may both draw it.
    func picture(_ tag: String, draw: () async throws -> [UInt8]) async throws -> [UInt8] {
        if let known = find(tag) { return known }
        let bytes = try await draw()
        keep(bytes, as: tag)
        return bytes
    }

    private func find(_ tag: String) -> [UInt8]? {
        state.withLock { state in
            state.clock += 1
            state.entries[tag]?.used = state.clock
            return state.entries[tag]?.bytes
        }
    }

    private func keep(_ bytes: [UInt8], as tag: String) {
        guard bytes.count <= limit / 4 else { return }
        state.withLock { state in
            guard state.entries[tag] == nil else { return }
            state.clock += 1
            state.held += bytes.count
            state.entries[tag] = Entry(bytes: bytes, used: state.clock)
            while state.held > limit, let oldest = state.entries.min(by: { $0.value.used < $1.value.used }) {
                state.held -= oldest.value.bytes.count
                state.entries[oldest.key] = nil
            }
        }
    }
}
