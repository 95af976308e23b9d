internal import Dispatch
internal import Foundation
internal import Synchronization

/// Takes SIGTERM and SIGINT as a request to stop in place of dying by them, for good; a second one ends the program.
final class StopSignals: Sendable {
    private let received = Atomic(false)
    private let stream: AsyncStream<Void>
    /// Set once, before anybody else knows this object; the system calls them, nobody here does.
    private nonisolated(unsafe) let sources: [any DispatchSourceSignal]

    var isStopping: Bool { received.load(ordering: .relaxed) }

    init() {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        self.stream = stream
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: .global())
        }
        for source in sources {
            source.setEventHandler { [weak self] in
                if self?.received.exchange(true, ordering: .relaxed) != false { exit(130) }
                continuation.yield()
                continuation.finish()
            }
            source.resume()
        }
    }

    deinit { for source in sources { source.cancel() } }

    /// Returns when it is time to stop, or when the task is cancelled; to be called once.
    func wait() async {
        for await _ in stream { return }
    }
}
