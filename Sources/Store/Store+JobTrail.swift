package import Foundation

/// What a job leaves on its way. None of it is durable against a loss of power; all of it is against a crash.
extension Store {
    /// Replaces the checkpoint of a job that hasn't ended.
    package func saveCheckpoint(job: Int64, _ checkpoint: Data) async throws { throw StoreError.failed("unfinished") }

    package func checkpoint(job: Int64) async throws -> Data? { throw StoreError.failed("unfinished") }

    package func deleteCheckpoint(job: Int64) async throws { throw StoreError.failed("unfinished") }

    /// Stores an event (`data` is JSON) and returns its sequence number.
    @discardableResult
    package func appendEvent(job: Int64, type: String, data: String) async throws -> Int64 {
        throw StoreError.failed("unfinished")
    }

    /// The events of a job behind a sequence number, in order.
    package func events(job: Int64, after: Int64 = 0) async throws -> [JobEventRecord] {
        throw StoreError.failed("unfinished")
    }

    /// Adds points to a job's curve; a step that is there already is replaced, as a resumed training does.
    package func appendCurve(job: Int64, _ points: [CurvePointRecord]) async throws {
        throw StoreError.failed("unfinished")
    }

    /// In the order of steps.
    package func curve(job: Int64) async throws -> [CurvePointRecord] { throw StoreError.failed("unfinished") }
}
