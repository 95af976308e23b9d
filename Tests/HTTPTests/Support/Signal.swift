/// Something one task waits for and another one makes happen.
final class Signal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func fire() { continuation.yield() }

    /// Waits for the next firing; `false` where the task was cancelled before.
    @discardableResult
    func wait() async -> Bool { await stream.first { _ in true } != nil }
}
