package import Foundation
internal import GRDB

/// A trained network; its weights are read separately.
package struct ModelRecord: Hashable, Identifiable, Sendable {
    /// Never reused, so it identifies the weights.
    package let id: Int64
    /// The project's `id`.
    package let project: Int64
    package let name: String
    /// The name of the model it was fine-tuned from, which may have been deleted.
    package let parent: String?
    package let classes: [String]
    /// JSON.
    package let recipe: String
    /// JSON.
    package let configuration: String
    package let seed: Int64
    package let labelsHash: String?
    /// JSON.
    package let metrics: String?
    /// JSON.
    package let heldOut: String?
    /// JSON.
    package let trainedOn: String?
    package let job: Int64?
    /// The state of that job; `succeeded` for weights that were brought.
    package let state: JobState
    /// The size of the weights.
    package let bytes: Int
    package let created: Date
}

extension ModelRecord {
    /// Models with the states of their jobs, to be followed by a condition.
    static let selection = """
        SELECT model.*, coalesce((SELECT job.state FROM job WHERE job.id = model.job), 'succeeded') AS state FROM model
        """

    init(row: Row) throws {
        guard let state = JobState(rawValue: row["state"]) else { throw StoreError.corrupt("a model without a state") }
        self.init(
            id: row["id"], project: row["project"], name: row["name"], parent: row["parent"],
            classes: try StoredJSON.decode(from: row["classes"]), recipe: row["recipe"],
            configuration: row["configuration"], seed: row["seed"], labelsHash: row["labels_hash"],
            metrics: row["metrics"], heldOut: row["held_out"], trainedOn: row["trained_on"], job: row["job"],
            state: state, bytes: row["bytes"], created: row["created"])
    }

    static func find(_ database: Database, project: Int64, name: String) throws -> ModelRecord? {
        try Row.fetchOne(
            database, sql: "\(selection) WHERE project = ? AND name = ?", arguments: [project, name]
        ).map(ModelRecord.init(row:))
    }

    static func fetch(_ database: Database, id: Int64) throws -> ModelRecord {
        guard let row = try Row.fetchOne(database, sql: "\(selection) WHERE id = ?", arguments: [id]) else {
            throw StoreError.notFound("such model any more")
        }
        return try ModelRecord(row: row)
    }
}
