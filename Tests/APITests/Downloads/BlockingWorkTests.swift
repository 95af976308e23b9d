import API
import Dispatch
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct BlockingWorkTests {
    @Test func `what is cancelled is waited for no longer, and not begun if it had to wait`() async throws {
        let work = BlockingWork(width: 1)
        let gate = DispatchSemaphore(value: 0)
        let (begun, tell) = AsyncStream.makeStream(of: Void.self)
        let long = Task {
            try await work.run {
                tell.yield()
                gate.wait()
            }
        }
        _ = await begun.first { true }
        let ran = Mutex(false)
        let queued = Task { try await work.run { ran.withLock { $0 = true } } }
        long.cancel()
        queued.cancel()
        await #expect(throws: CancellationError.self) { try await long.value }
        await #expect(throws: CancellationError.self) { try await queued.value }
        gate.signal()
        #expect(try await work.run { 7 } == 7)
        #expect(!ran.withLock { $0 })
    }
}
