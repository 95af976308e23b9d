internal import Dispatch
internal import Foundation
internal import Synchronization

/// Turns SIGTERM and SIGINT into a request to stop, until the process ends; a second signal ends the program at once.
final class StopSignals: Sendable {
    private let received = Atomic(false)
    private let stream: AsyncStream<Void>
    /// Set once in `init`; only the system calls them.
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

    /// Waits for a signal or for the task's cancellation; to be called once.
    func wait() async {
        for await _ in stream { return }
    }
}
