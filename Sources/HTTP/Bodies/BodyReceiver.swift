internal import Foundation
import Synchronization

/// Receives a body piece by piece, stores it by its route's policy, and refuses it when it gets too long.
final class BodyReceiver: Sendable {
    private enum Store {
        case dropped
        case memory([UInt8], BodyMemory.Share)
        case file(UploadSink)
    }

    private struct State {
        var store: Store
        var count = 0
        var failure: (any Error)?
        /// The memory of a finished body, until the request is answered.
        var share: BodyMemory.Share?
    }

    private let policy: BodyPolicy
    /// The length that memory is taken for.
    private let expected: Int
    private let memory: BodyMemory?
    private let state: Mutex<State>

    /// `declared` is 0 if there is no body, `nil` if its length is not known.
    ///
    /// - Throws: 413 if the declared length is over the limit, 503 if there is no memory for it now, 507 if there is no
    ///   space on the disk.
    init(_ policy: BodyPolicy, declared: Int?, memory: BodyMemory) throws {
        self.policy = policy
        self.memory = memory
        expected = declared ?? policy.mostInMemory
        if let declared, declared > policy.limit { throw BodyReceiver.tooLarge(policy) }
        let store: Store
        switch policy {
        case .none: store = .dropped
        case .memory(_, let spool?) where expected > policy.mostInMemory:
            store = .file(try BodyReceiver.sink(in: spool, expected: declared))
        case .memory: store = .memory([], try memory.share(of: expected))
        case .file(_, let folder): store = .file(try BodyReceiver.sink(in: folder, expected: declared))
        }
        state = Mutex(State(store: store))
    }

    /// Drops the whole body, as the request is refused already.
    init(refusing failure: any Error) {
        policy = .none
        expected = 0
        memory = nil
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
                try append(chunk, to: &state.store)
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
            defer { state.store = .dropped }
            switch state.store {
            case .dropped: return .empty
            case .memory(let bytes, let share):
                state.share = share
                return .bytes(bytes)
            case .file(let sink):
                return .file(UploadedFile(url: sink.release(), count: state.count, memory: memory))
            }
        }
    }

    /// Gives the memory of the body back, as its request is answered.
    func release() { state.withLock { $0.share = nil } }

    /// Treats a body made in memory as if it had come through a socket.
    static func receive(_ body: Body, _ policy: BodyPolicy) throws -> Body {
        let receiver = try BodyReceiver(policy, declared: body.count, memory: BodyMemory(limit: .max))
        if case .file = body, case .file = policy { return body }
        let bytes = try body.bytes()
        receiver.receive(bytes.span.bytes)
        return try receiver.finish()
    }

    private func append(_ chunk: RawSpan, to store: inout Store) throws {
        switch store {
        case .dropped: break
        case .memory(var bytes, let share):
            store = .dropped  // The array is not shared while it grows.
            if case .memory(_, let spool?) = policy, bytes.count + chunk.byteCount > policy.mostInMemory {
                let sink = try BodyReceiver.sink(in: spool, expected: nil)
                try BodyReceiver.reporting {
                    try sink.append(bytes.span.bytes)
                    try sink.append(chunk)
                }
                store = .file(sink)
            } else {
                if bytes.isEmpty { bytes.reserveCapacity(expected) }
                chunk.withUnsafeBytes { bytes.append(contentsOf: $0) }
                store = .memory(bytes, share)
            }
        case .file(let sink): try BodyReceiver.reporting { try sink.append(chunk) }
        }
    }

    private static func sink(in folder: URL, expected: Int?) throws -> UploadSink {
        try reporting { try UploadSink(folder: folder, expected: expected) }
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
