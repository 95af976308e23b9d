import Jobs
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10))) struct RegionQueueTests {
    /// What callers have met, in order.
    private final class Diary: Sendable {
        private let lines = Mutex<[String]>([])
        let clientsLeave = Atomic(false)
        var all: [String] { lines.withLock { $0 } }
        func note(_ line: String) { lines.withLock { $0.append(line) } }
    }

    /// A caller: its name, its volume, and whether its client leaves while it waits.
    private struct Caller {
        var name: String
        var volume: Int64 = 1
        var leaves = false
    }

    /// Lets callers come one after another while somebody computes; what has happened when all have ended.
    private func run(_ callers: [Caller]) async throws -> [String] {
        let (queue, diary) = (RegionQueue(most: 3), Diary())
        let hasBegun = AsyncStream.makeStream(of: Void.self), mayEnd = AsyncStream.makeStream(of: Void.self)
        try await withThrowingTaskGroup { group in
            group.addTask {
                try await queue.turn(of: 1) {
                    hasBegun.continuation.yield()
                    for await _ in mayEnd.stream { return }
                }
            }
            for await _ in hasBegun.stream { break }
            for (number, caller) in callers.enumerated() {
                group.addTask {
                    do {
                        try await queue.turn(
                            of: caller.volume, hasLeft: { caller.leaves && diary.clientsLeave.load(ordering: .relaxed) }
                        ) { diary.note(caller.name) }
                    } catch {
                        diary.note(
                            "\(caller.name) \(error is CancellationError ? "left" : "\(error)".contains("try again") ? "busy" : "failed")"
                        )
                    }
                }
                while queue.count + diary.all.count < number + 1 { await Task.yield() }
            }
            diary.clientsLeave.store(true, ordering: .relaxed)
            mayEnd.continuation.yield()
            try await group.waitForAll()
        }
        return diary.all
    }

    @Test func `the newest goes first`() async throws {
        #expect(try await run([Caller(name: "a"), Caller(name: "b"), Caller(name: "c")]) == ["c", "b", "a"])
    }

    @Test func `few wait for each volume, and the oldest of them is told to try again`() async throws {
        let callers = [Caller(name: "o", volume: 2)] + ["a", "b", "c", "d", "e"].map { Caller(name: $0) }
        #expect(try await run(callers) == ["a busy", "b busy", "e", "d", "c", "o"])
    }

    @Test func `nothing is computed for a client that has left`() async throws {
        let done = try await run([Caller(name: "a"), Caller(name: "b", leaves: true), Caller(name: "c")])
        #expect(Set(done) == ["a", "b left", "c"] && done.first == "c")
    }

    @Test func `a cancelled caller waits no longer`() async throws {
        let queue = RegionQueue()
        let mayEnd = AsyncStream.makeStream(of: Void.self), hasBegun = AsyncStream.makeStream(of: Void.self)
        try await withThrowingTaskGroup { group in
            group.addTask {
                try await queue.turn(of: 1) {
                    hasBegun.continuation.yield()
                    for await _ in mayEnd.stream { return }
                }
            }
            for await _ in hasBegun.stream { break }
            let waiting = Task { try await queue.turn(of: 1) {} }
            while queue.count < 1 { await Task.yield() }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
            #expect(queue.count == 0)
            mayEnd.continuation.yield()
            try await group.waitForAll()
        }
    }
}
