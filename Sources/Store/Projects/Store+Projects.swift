internal import Foundation
internal import GRDB

extension Store {
    /// Creates a project or changes its classes and, unless `nil`, its description.
    ///
    /// Class `i` of the list is label value `i`; see `ClassChange` for how it may change. `nil` classes stay as they were.
    /// `demand` may refuse, by throwing, what the call finds: the project, `nil` if there is none.
    package func putProject(
        name: String, description: String?, classes: [ClassRecord]?, model: ModelPin = .unchanged,
        demand: @escaping @Sendable (ProjectRecord?) throws -> Void = { _ in }
    ) async throws -> (project: ProjectRecord, created: Bool) {
        try Validation.check(name: name, of: "project")
        if let classes { try Validation.check(classes: classes) }
        return try await write { database in
            let old = try ProjectRecord.find(database, name: name)
            try demand(old)
            guard let wanted = classes ?? old?.classes else {
                throw StoreError.constraint("classes: is missing; a new project needs at least one class")
            }
            let result = try Self.classes(database, old, wanted)
            let id: Int64
            if let old {
                id = old.id
                // Also without a new description: this empties the record cache, which learns of no change to `class`.
                try database.execute(
                    sql: "UPDATE project SET description = coalesce(?, description) WHERE id = ?",
                    arguments: [description, id])
                try database.execute(sql: "DELETE FROM class WHERE project = ?", arguments: [id])
            } else {
                try database.execute(
                    sql: "INSERT INTO project (name, description, created) VALUES (?, ?, ?)",
                    arguments: [name, description ?? "", Date()])
                id = database.lastInsertedRowID
            }
            for (value, item) in result.enumerated() {
                try database.execute(
                    sql: "INSERT INTO class (project, value, name, color, removed) VALUES (?, ?, ?, ?, ?)",
                    arguments: [id, value, item.name, item.color, item.isRemoved])
            }
            try Self.pin(database, model, project: id)
            return (try ProjectRecord.fetch(database, id: id), old == nil)
        }
    }

    /// By name.
    package func projects() async throws -> [ProjectRecord] {
        try await read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM project ORDER BY name")
                .map { try ProjectRecord(row: $0, database) }
        }
    }

    package func project(named name: String) async throws -> ProjectRecord {
        try await recordCache.project(named: name) {
            try await read { database in
                guard let project = try ProjectRecord.find(database, name: name) else {
                    throw StoreError.notFound("project \"\(name)\"")
                }
                return project
            }
        }
    }

    package func project(id: Int64) async throws -> ProjectRecord {
        try await read { try ProjectRecord.fetch($0, id: id) }
    }

    /// Removes a project and everything in it; calls of a job that still runs then throw `notFound`.
    ///
    /// `demand` may refuse it by throwing.
    package func deleteProject(
        named name: String, demand: @escaping @Sendable (ProjectRecord) throws -> Void = { _ in }
    ) async throws {
        try await write(frees: true) { database in
            if let old = try ProjectRecord.find(database, name: name) { try demand(old) }
            try database.execute(sql: "DELETE FROM project WHERE name = ?", arguments: [name])
            guard database.changesCount > 0 else { throw StoreError.notFound("project \"\(name)\"") }
        }
        await sweep()
    }

    /// The classes of a project after a change, or those of a new one.
    private static func classes(
        _ database: Database, _ project: ProjectRecord?, _ wanted: [ClassRecord]
    ) throws -> [ClassRecord] {
        let change = ClassChange(old: project?.classes ?? [], wanted: wanted)
        if let new = wanted.dropFirst(change.old.count).first(where: \.isRemoved) {
            throw StoreError.constraint("there is no class \"\(new.name)\" in this place that could be removed")
        }
        guard wanted.isEmpty || wanted.contains(where: { !$0.isRemoved }) else {
            throw StoreError.constraint("every class is removed; a project needs at least one")
        }
        guard let project, change.needsCheck else { return wanted }
        return try change.result(ClassUsage(database, project: project.id, classes: project.classes.count))
    }

    private static func pin(_ database: Database, _ pin: ModelPin, project: Int64) throws {
        switch pin {
        case .unchanged: break
        case .newest: try database.execute(sql: "UPDATE project SET model = NULL WHERE id = ?", arguments: [project])
        case .named(let name):
            let model = try Int64.fetchOne(
                database, sql: "SELECT id FROM model WHERE project = ? AND name = ?", arguments: [project, name])
            guard let model else {
                throw StoreError.constraint("model: there is no model \"\(name.prefix(80))\" in this project")
            }
            try database.execute(sql: "UPDATE project SET model = ? WHERE id = ?", arguments: [model, project])
        }
    }
}
