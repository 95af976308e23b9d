package import Foundation
internal import GRDB

/// A job that waits, runs or has ended.
package struct JobRecord: Hashable, Identifiable, Sendable {
    package let id: Int64
    /// The project's `id`.
    package let project: Int64
    package let kind: String
    package let state: JobState
    /// JSON as requested.
    package let request: String
    /// JSON; the latest only.
    package let progress: String?
    /// The name of the model it made.
    package let model: String?
    /// JSON.
    package let result: String?
    package let error: String?
    package let created: Date
    /// When it was first taken from the queue.
    package let started: Date?
    package let finished: Date?
    /// How often it was taken from the queue.
    package let attempts: Int
    package let cancelRequested: Bool
    /// The worker that made the last attempt, and its machine; `nil` for the server itself.
    package let worker: String?
    package let host: String?
    /// JSON; what Slurm said last of the job that computes it, or computed it.
    package let slurm: String?
    /// Of a unit: the job that it belongs to, and its number among the units of that, from 0.
    package let parent: Int64?
    package let number: Int?
}

extension JobRecord {
    init(row: Row) throws {
        guard let state = JobState(rawValue: row["state"]) else { throw StoreError.corrupt("a job without a state") }
        self.init(
            id: row["id"], project: row["project"], kind: row["kind"], state: state, request: row["request"],
            progress: row["progress"], model: row["model"], result: row["result"], error: row["error"],
            created: row["created"], started: row["started"], finished: row["finished"], attempts: row["attempts"],
            cancelRequested: row["cancel"], worker: row["worker"], host: row["host"],
            slurm: row["slurm"], parent: row["parent"], number: row["number"])
    }

    /// With `project`, only a job of that project is found, and no unit of one.
    static func fetch(_ database: Database, id: Int64, project: Int64? = nil) throws -> JobRecord {
        let row = try Row.fetchOne(
            database,
            sql: "SELECT * FROM job WHERE id = :id AND (:project IS NULL OR project = :project AND parent IS NULL)",
            arguments: ["id": id, "project": project])
        guard let row else { throw StoreError.notFound("job \(id)") }
        return try JobRecord(row: row)
    }
}
