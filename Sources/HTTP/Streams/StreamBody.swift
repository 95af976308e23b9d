/// A body whose chunks are produced while the reply is sent.
package struct StreamBody: Sendable {
    /// Bytes sent after a time of silence, so that proxies keep the connection and a lost client is noticed.
    package struct KeepAlive: Sendable {
        package var interval: Duration
        package var bytes: [UInt8]

        package init(interval: Duration, bytes: [UInt8]) {
            self.interval = interval
            self.bytes = bytes
        }
    }

    let produce: @Sendable (any ChunkWriter) async throws -> Void
    let keepAlive: KeepAlive?
    /// Looked at before every chunk and several times a second.
    private var check: (@Sendable () throws -> Void)?

    /// A stream written by a closure, whose task is cancelled when the client disconnects or the server shuts down.
    ///
    /// When it returns, the reply is complete; when it throws, the connection is cut, so that the client notices.
    package init(keepAlive: KeepAlive? = nil, _ produce: @escaping @Sendable (any ChunkWriter) async throws -> Void) {
        self.keepAlive = keepAlive
        self.produce = produce
    }

    /// A stream of the elements of a sequence.
    package init<Chunks: AsyncSequence & Sendable>(_ chunks: Chunks) where Chunks.Element == [UInt8] {
        self.init { writer in
            for try await chunk in chunks { try await writer.write(chunk) }
            try Task.checkCancellation()
        }
    }

    /// The same stream with a check before every chunk and while there is none; if it throws, the stream is cut off.
    package func checking(_ check: @escaping @Sendable () throws -> Void) -> StreamBody {
        var stream = StreamBody(keepAlive: keepAlive) { [produce] writer in
            try await produce(CheckedWriter(writer: writer, check: check))
        }
        stream.check = check
        return stream
    }

    /// Whether the check lets it go on.
    private var isAllowed: Bool {
        do { try check?() } catch { return false }
        return true
    }

    func bytes() async throws -> [UInt8] {
        let collector = ChunkCollector()
        try await produce(collector)
        return await collector.bytes
    }
}

/// Receives a stream's chunks.
package protocol ChunkWriter: Sendable {
    /// Waits while too much is unsent; throws `CancellationError` once the client has disconnected.
    func write(_ chunk: [UInt8]) async throws
}

private struct CheckedWriter: ChunkWriter {
    let writer: any ChunkWriter
    let check: @Sendable () throws -> Void

    func write(_ chunk: [UInt8]) async throws {
        try check()
        try await writer.write(chunk)
    }
}

private actor ChunkCollector: ChunkWriter {
    private(set) var bytes: [UInt8] = []

    func write(_ chunk: [UInt8]) { bytes += chunk }
}

extension StreamBody {
    /// Runs the producer until it returns, the client disconnects or `isUnwanted` is true; then ends the stream.
    ///
    /// - Returns: The producer's error, unless it was cancelled.
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
                    guard isAllowed else {
                        buffer.finish(.cut)
                        break
                    }
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
