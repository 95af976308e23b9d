internal import Foundation
internal import GRDB

extension Store {
    /// Creates a project or changes its classes and, unless `nil`, its description.
    ///
    /// Class `i` of the list is label value `i`. Classes may be renamed and appended; removing or moving one that
    /// labels use is a conflict.
    package func putProject(
        name: String, description: String?, classes: [ClassRecord]
    ) async throws -> (project: ProjectRecord, created: Bool) {
        try Validation.check(name: name, of: "project")
        try Validation.check(classes: classes)
        return try await write { database in
            let old = try ProjectRecord.find(database, name: name)
            let id: Int64
            if let old {
                id = old.id
                try Self.check(database, old, canHave: classes)
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
            for (value, item) in classes.enumerated() {
                try database.execute(
                    sql: "INSERT INTO class (project, value, name, color) VALUES (?, ?, ?, ?)",
                    arguments: [id, value, item.name, item.color])
            }
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
    package func deleteProject(named name: String) async throws {
        try await write { database in
            try database.execute(sql: "DELETE FROM project WHERE name = ?", arguments: [name])
            guard database.changesCount > 0 else { throw StoreError.notFound("project \"\(name)\"") }
        }
        await sweep()
    }

    /// Throws a conflict if labels would lose their class or get another.
    private static func check(
        _ database: Database, _ project: ProjectRecord, canHave classes: [ClassRecord]
    ) throws {
        let old = project.classes
        let places = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1.name, $0) })
        let mayLose = old.indices.filter { $0 >= classes.count || (places[old[$0].name] ?? $0) != $0 }
        guard !mayLose.isEmpty else { return }
        let used = try usage(database, project: project.id)
        for value in mayLose {
            guard let uses = used[value] else { continue }
            let name = old[value].name
            let what =
                places[name].map { "can't become value \($0)" } ?? "can't be removed"
            throw StoreError.conflict("class \"\(name)\" (value \(value)) \(what): \(uses)")
        }
    }

    /// The labels that use each value, as text.
    private static func usage(_ database: Database, project: Int64) throws -> [Int: String] {
        var words: [Int: [String]] = [:]
        let slices = try Row.fetchAll(
            database,
            sql: """
                SELECT CAST(count.key AS INTEGER), sum(count.value), count(*)
                FROM current_annotation JOIN volume ON volume.id = current_annotation.volume,
                    json_each(current_annotation.counts) AS count
                WHERE volume.project = ? GROUP BY 1
                """, arguments: [project])
        for row in slices {
            let (voxels, slices): (Int, Int) = (row[1], row[2])
            words[row[0], default: []].append(
                "\(voxels) voxels in \(slices) annotated slice\(slices == 1 ? "" : "s") have it")
        }
        let truths = try Row.fetchAll(
            database,
            sql: """
                SELECT volume.name, grid.counts FROM volume JOIN grid ON grid.id = volume.truth
                WHERE volume.project = ? AND grid.counts IS NOT NULL
                """, arguments: [project])
        for row in truths {
            let name: String = row[0]
            for (value, voxels) in try counts(from: row[1]) {
                words[value, default: []].append("\(voxels) voxels of the truth of volume \"\(name)\" have it")
            }
        }
        return words.mapValues { $0.joined(separator: "; ") }
    }
}
