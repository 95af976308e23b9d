import Synchronization

/// Receives a body piece by piece, stores it by its route's policy, and refuses it when it gets too long.
final class BodyReceiver: Sendable {
    private enum Store {
        case dropped
        case memory([UInt8])
        case file(UploadSink)
    }

    private struct State {
        var store: Store
        var count = 0
        var failure: (any Error)?
    }

    private let policy: BodyPolicy
    private let state: Mutex<State>

    /// - Throws: 413 if the declared length is over the limit, 507 if there is no space for it.
    init(_ policy: BodyPolicy, declared: Int?) throws {
        self.policy = policy
        if let declared, declared > policy.limit { throw BodyReceiver.tooLarge(policy) }
        let store: Store
        switch policy {
        case .none: store = .dropped
        case .memory: store = .memory([])
        case .file(_, let folder):
            store = .file(try BodyReceiver.reporting { try UploadSink(folder: folder, expected: declared) })
        }
        state = Mutex(State(store: store))
    }

    /// Drops the whole body, as the request is refused already.
    init(refusing failure: any Error) {
        policy = .none
        state = Mutex(State(store: .dropped, failure: failure))
    }

    /// Receives the next piece.
    ///
    /// After a failure the rest is read and dropped, as no reply can be sent while a body arrives.
    func receive(_ chunk: RawSpan) {
        state.withLock { state in
            guard state.failure == nil else { return }
            state.count += chunk.byteCount
            do {
                guard state.count <= policy.limit else { throw BodyReceiver.tooLarge(policy) }
                try BodyReceiver.append(chunk, to: &state.store)
            } catch {
                state.failure = error
                state.store = .dropped
            }
        }
    }

    /// Bytes received so far.
    var count: Int { state.withLock { $0.count } }

    /// The complete body.
    func finish() throws -> Body {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            switch state.store {
            case .dropped: return .empty
            case .memory(let bytes):
                state.store = .dropped
                return .bytes(bytes)
            case .file(let sink): return .file(UploadedFile(url: sink.release(), count: state.count))
            }
        }
    }

    /// Treats a body made in memory as if it had come through a socket.
    static func receive(_ body: Body, _ policy: BodyPolicy) throws -> Body {
        let receiver = try BodyReceiver(policy, declared: body.count)
        if case .file = body, case .file = policy { return body }
        let bytes = try body.bytes()
        receiver.receive(bytes.span.bytes)
        return try receiver.finish()
    }

    private static func append(_ chunk: RawSpan, to store: inout Store) throws {
        switch store {
        case .dropped: break
        case .memory(var bytes):
            store = .dropped  // The array is not shared while it grows.
            chunk.withUnsafeBytes { bytes.append(contentsOf: $0) }
            store = .memory(bytes)
        case .file(let sink): try reporting { try sink.append(chunk) }
        }
    }

    private static func reporting<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as IOError where error.isFull {
            throw HTTPError(507, "The server has no space left for this upload.")
        } catch let error as IOError where error.isOutOfFiles {
            throw HTTPError.outOfFiles
        }
    }

    private static func tooLarge(_ policy: BodyPolicy) -> HTTPError {
        if case .none = policy { return HTTPError(413, "This call takes no body.") }
        return .tooLarge(limit: policy.limit)
    }
}
