package import Foundation
internal import GRDB

extension Store {
    /// Stores a model with its weights, in place of the checkpoint of the job that made it.
    ///
    /// A name that is taken, or that a waiting or running training has asked for, is a conflict, unless `demand` refuses
    /// by throwing what the call finds: the model, `nil` if there is none.
    package func addModel(
        project: Int64, _ model: NewModel, weights: Data,
        demand: @escaping @Sendable (ModelRecord?) throws -> Void = { _ in }
    ) async throws -> ModelRecord {
        try Validation.check(name: model.name, of: "model")
        guard !model.classes.isEmpty, !weights.isEmpty else {
            throw StoreError.constraint("a model must have classes and weights")
        }
        return try await write { database in
            _ = try ProjectRecord.fetch(database, id: project)
            if let job = model.job, let attempt = model.attempt { try Self.check(database, job, isIn: attempt) }
            let known = try ModelRecord.find(database, project: project, name: model.name)
            try demand(known)
            guard known == nil else {
                throw StoreError.conflict("a model \"\(model.name)\" exists already; choose another name")
            }
            if let job = try Self.training(database, project: project, willMake: model.name), job != model.job {
                throw StoreError.conflict("job \(job) will make a model \"\(model.name)\"; choose another name")
            }
            try database.execute(
                sql: """
                    INSERT INTO model (project, name, parent, classes, recipe, configuration, seed, labels_hash,
                        metrics, held_out, trained_on, job, bytes, created)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    project, model.name, model.parent, try StoredJSON.encode(model.classes), model.recipe,
                    model.configuration, model.seed, model.labelsHash, model.metrics, model.heldOut, model.trainedOn,
                    model.job, weights.count, Date(),
                ])
            let id = database.lastInsertedRowID
            try database.execute(
                sql: "INSERT INTO model_weights (model, bytes) VALUES (?, ?)", arguments: [id, weights])
            if let job = model.job {
                try database.execute(sql: "DELETE FROM job_checkpoint WHERE job = ?", arguments: [job])
                try Self.noteProgress(database, job: job)
            }
            return try ModelRecord.fetch(database, id: id)
        }
    }

    /// Newest first.
    package func models(project: Int64) async throws -> [ModelRecord] {
        try await read { database in
            try Row.fetchAll(
                database, sql: "\(ModelRecord.selection) WHERE project = ? ORDER BY id DESC", arguments: [project]
            ).map(ModelRecord.init(row:))
        }
    }

    package func model(project: Int64, name: String) async throws -> ModelRecord {
        try await read { database in
            guard let model = try ModelRecord.find(database, project: project, name: name) else {
                throw StoreError.notFound("model \"\(name)\"")
            }
            return model
        }
    }

    package func model(id: Int64) async throws -> ModelRecord {
        try await read { try ModelRecord.fetch($0, id: id) }
    }

    /// The newest model whose job succeeded, or that was brought; `nil` if the project has none.
    package func latestModel(project: Int64) async throws -> ModelRecord? {
        try await read { database in
            try Row.fetchOne(
                database,
                sql: "\(ModelRecord.selection) WHERE project = ? AND state = 'succeeded' ORDER BY id DESC LIMIT 1",
                arguments: [project]
            ).map(ModelRecord.init(row:))
        }
    }

    package func weights(model: Int64) async throws -> Data {
        try await read { try Self.weights($0, of: model) }
    }

    /// The same for threads that may block.
    package func weightsNow(model: Int64) throws -> Data {
        try readNow { try Self.weights($0, of: model) }
    }

    private static func weights(_ database: Database, of model: Int64) throws -> Data {
        let weights = try Data.fetchOne(
            database, sql: "SELECT bytes FROM model_weights WHERE model = ?", arguments: [model])
        guard let weights else { throw StoreError.notFound("such model any more") }
        return weights
    }

    /// Replaces a model's metrics (JSON).
    package func setMetrics(model: Int64, _ metrics: String?) async throws {
        try await write { database in
            try database.execute(sql: "UPDATE model SET metrics = ? WHERE id = ?", arguments: [metrics, model])
            guard database.changesCount > 0 else { throw StoreError.notFound("such model any more") }
        }
    }

    /// Removes a model and its predictions; that which the project goes by is a conflict.
    ///
    /// `demand` may refuse it by throwing.
    package func deleteModel(
        project: Int64, name: String, demand: @escaping @Sendable (ModelRecord) throws -> Void = { _ in }
    ) async throws {
        try await write(frees: true) { database in
            if let old = try ModelRecord.find(database, project: project, name: name) { try demand(old) }
            if try ProjectRecord.fetch(database, id: project).model == name {
                throw StoreError.conflict(
                    "the project goes by the model \"\(name)\"; give the project another one, or \"model\":null, first")
            }
            try database.execute(sql: "DELETE FROM model WHERE project = ? AND name = ?", arguments: [project, name])
            guard database.changesCount > 0 else { throw StoreError.notFound("model \"\(name)\"") }
        }
        await sweep()
    }
}
