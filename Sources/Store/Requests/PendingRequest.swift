internal import GRDB
internal import Synchronization

/// A request with a key while it is handled: the first change that is made for it also records the key.
///
/// So a change and the memory of its request are on the disk together, or neither is.
package final class PendingRequest: Sendable {
    /// The request that the current task handles.
    @TaskLocal package static var current: PendingRequest?

    /// Makes the answer from the value of the change; nil if the value is of another change.
    ///
    /// A class, since Swift 6.3 compiles a task's local function wrongly with optimisation.
    package final class Answer: Sendable {
        fileprivate let make: @Sendable (_ value: Any) throws -> StoredAnswer?

        package init(_ make: @escaping @Sendable (_ value: Any) throws -> StoredAnswer?) { self.make = make }
    }

    /// How the answer follows from the change, if the handler knows it before.
    @TaskLocal package static var answer: Answer?

    private enum State { case open, recorded, answered, closed }

    package let key: RequestKey
    private let state = Mutex(State.open)

    package init(_ key: RequestKey) { self.key = key }

    /// Whether a change has recorded the key.
    package var isRecorded: Bool { state.withLock { $0 != .open } }

    /// Whether the answer has been recorded with the change.
    package var isAnswered: Bool { state.withLock { $0 == .answered } }

    /// Ends the recording: what tasks that the request has started change later is not of its answer.
    package func close() { state.withLock { $0 = .closed } }

    /// Adds the memory of the current task's request to a change.
    ///
    /// `most` requests are remembered.
    static func recording<Value: Sendable>(
        most: Int, _ body: @escaping @Sendable (Database) throws -> Value
    ) -> @Sendable (Database) throws -> Value {
        guard let pending = current else { return body }
        let answer = answer
        return { database in
            let value = try body(database)
            try pending.record(database, try answer?.make(value), most: most)
            return value
        }
    }

    private func record(_ database: Database, _ answer: StoredAnswer?, most: Int) throws {
        let known = state.withLock(\.self)
        guard known != .closed, answer != nil || known != .answered else { return }
        try Store.remember(database, key, answer, most: most)
        state.withLock { $0 = answer == nil ? .recorded : .answered }
    }
}
