package import Foundation

extension Store {
    /// Stores a model with its weights; a name that is taken is a conflict.
    package func addModel(project: Int64, _ model: NewModel, weights: Data) async throws -> ModelRecord {
        throw StoreError.failed("unfinished")
    }

    /// Newest first.
    package func models(project: Int64) async throws -> [ModelRecord] { throw StoreError.failed("unfinished") }

    package func model(project: Int64, name: String) async throws -> ModelRecord {
        throw StoreError.failed("unfinished")
    }

    package func model(id: Int64) async throws -> ModelRecord { throw StoreError.failed("unfinished") }

    /// The newest model; `nil` if the project has none.
    package func latestModel(project: Int64) async throws -> ModelRecord? { throw StoreError.failed("unfinished") }

    package func weights(model: Int64) async throws -> Data { throw StoreError.failed("unfinished") }

    /// Replaces what is known of a model's quality (JSON).
    package func setMetrics(model: Int64, _ metrics: String?) async throws { throw StoreError.failed("unfinished") }

    /// Removes a model and its predictions.
    package func deleteModel(project: Int64, name: String) async throws { throw StoreError.failed("unfinished") }
}
