internal import Foundation
internal import GRDB
internal import Synchronization

/// Puts changes that wait for the database at the same time into one transaction, so that they share its disk sync.
///
/// Each change is all or nothing by itself: one that is refused does not affect the others.
final class GroupCommit: Sendable {
    /// A change and the callback for its result.
    private struct Change: Sendable {
        /// Makes the change or throws.
        let attempt: @Sendable (Database) throws -> Void
        /// Called once the change is durable or has failed.
        let settle: @Sendable ((any Error)?) -> Void
    }

    /// The result of a change.
    private final class Outcome<Value: Sendable>: Sendable {
        let value = Mutex<Value?>(nil)
        let isCancelled = Atomic(false)
    }

    private let durability: Durability
    private let waiting = Mutex<[Change]>([])
    /// The most changes in one transaction, which bounds how long the first one waits.
    private static let most = 64

    init(_ durability: Durability) { self.durability = durability }

    /// Makes a change together with others that wait; returns when it is as durable as asked.
    func write<Value: Sendable>(
        _ pool: DatabasePool, _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        let outcome = Outcome<Value>()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let change = Change { database in
                    if outcome.isCancelled.load(ordering: .relaxed) { throw CancellationError() }
                    let value = try body(database)
                    outcome.value.withLock { $0 = value }
                } settle: { error in
                    if let value = outcome.value.withLock({ $0 }), error == nil {
                        continuation.resume(returning: value)
                    } else {
                        continuation.resume(throwing: error ?? StoreError.failed("a change ended without a value"))
                    }
                }
                waiting.withLock { $0.append(change) }
                pool.asyncWriteWithoutTransaction { self.work(on: $0) }
            }
        } onCancel: {
            outcome.isCancelled.store(true, ordering: .relaxed)
        }
    }

    /// Makes the changes that wait; often there are none, since an earlier call has already made them.
    private func work(on database: Database) {
        let changes = waiting.withLock { waiting in
            defer { waiting.removeFirst(min(waiting.count, Self.most)) }
            return Array(waiting.prefix(Self.most))
        }
        guard !changes.isEmpty else { return }
        do {
            let errors = try Store.transaction(database, durability) { database in
                try changes.map { try Self.attempt($0, database) }
            }
            for (change, error) in zip(changes, errors) { change.settle(error) }
        } catch {
            guard changes.count > 1 else { return changes[0].settle(error) }
            // One change, or the disk, made the whole transaction fail: now each gets a transaction of its own.
            for change in changes { alone(change, database) }
        }
    }

    private func alone(_ change: Change, _ database: Database) {
        do {
            try Store.transaction(database, durability) { try change.attempt($0) }
            change.settle(nil)
        } catch {
            change.settle(error)
        }
    }

    /// Why a change was refused; throws if it was not refused but the database failed.
    private static func attempt(_ change: Change, _ database: Database) throws -> (any Error)? {
        do {
            try database.inSavepoint {
                try change.attempt(database)
                return .commit
            }
            return nil
        } catch let error as DatabaseError {
            throw error
        } catch {
            return error
        }
    }
}
