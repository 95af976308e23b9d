extension StreamBody {
    /// Runs the producer until it is through, nobody listens any more, or `isUnwanted`; then ends the stream.
    ///
    /// - Returns: What the producer threw, other than that it was cancelled.
    func pump(into buffer: StreamBuffer, until isUnwanted: @escaping @Sendable () -> Bool) async -> (any Error)? {
        await withTaskGroup(of: (any Error)?.self) { group in
            group.addTask {
                do {
                    try await produce(buffer)
                    buffer.finish(.complete)
                } catch {
                    buffer.finish(.cut)
                    if !(error is CancellationError) { return error }
                }
                return nil
            }
            group.addTask {
                let tick = min(keepAlive?.interval ?? .milliseconds(200), .milliseconds(200))
                while !isUnwanted(), !buffer.isClosed {
                    do { try await Task.sleep(for: tick) } catch { break }
                    if let keepAlive { buffer.writeIfIdle(keepAlive.bytes, for: keepAlive.interval) }
                }
                return nil
            }
            var failure = await group.next() ?? nil
            group.cancelAll()
            for await other in group where failure == nil { failure = other }
            return failure
        }
    }
}
