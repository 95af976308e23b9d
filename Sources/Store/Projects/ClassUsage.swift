internal import GRDB
internal import Text

/// What means the classes of a project, by label value, in words for messages.
struct ClassUsage {
    /// The labels that have the class now: current slices and truths.
    private let labels: [Int: String]
    /// Revisions of any age, models and running trainings, which mean the class also when no label has it now.
    private let memory: [Int: String]

    init(_ database: Database, project: Int64, classes: Int) throws {
        labels = try Self.labels(database, project)
        memory = try Self.memory(database, project, classes: classes)
    }

    /// Who labels voxels with the class now.
    func labels(of value: Int) -> String? { labels[value] }

    /// Who means the class at all.
    func any(of value: Int) -> String? { labels[value] ?? memory[value] }

    private static func labels(_ database: Database, _ project: Int64) throws -> [Int: String] {
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
                "\(voxels.counting("voxel")) in \(slices.counting("annotated slice")) \(voxels == 1 ? "has" : "have") it"
            )
        }
        let truths = try Row.fetchAll(
            database,
            sql: """
                SELECT volume.name, grid.counts FROM volume JOIN grid ON grid.id = volume.truth
                WHERE volume.project = ? AND grid.counts IS NOT NULL
                """, arguments: [project])
        for row in truths {
            let name: String = row[0]
            for (value, voxels) in try Store.counts(from: row[1]) {
                words[value, default: []].append(
                    "\(voxels.counting("voxel")) of the truth of volume \"\(name)\" \(voxels == 1 ? "has" : "have") it")
            }
        }
        return words.mapValues { $0.joined(separator: "; ") }
    }

    private static func memory(_ database: Database, _ project: Int64, classes: Int) throws -> [Int: String] {
        var words: [Int: String] = [:]
        let running = try Int64.fetchOne(
            database,
            sql: """
                SELECT id FROM job WHERE project = ? AND kind = 'train' AND (state = 'running'
                    OR state = 'queued' AND attempts > 0)
                """, arguments: [project])
        if let running { for value in 0..<classes { words[value] = "job \(running) is learning it" } }
        let models = try Row.fetchAll(
            database, sql: "SELECT name, json_array_length(classes) FROM model WHERE project = ? ORDER BY id",
            arguments: [project])
        for model in models {
            let (name, count): (String, Int) = (model[0], model[1])
            for value in 0..<count { words[value] = "the model \"\(name)\" knows it" }
        }
        // The other columns are those of the newest revision: SQLite takes them from the row of the maximum.
        let revisions = try Row.fetchAll(
            database,
            sql: """
                SELECT CAST(count.key AS INTEGER), max(annotation.revision), volume.name, annotation.axis,
                    annotation.slice
                FROM annotation JOIN volume ON volume.id = annotation.volume, json_each(annotation.counts) AS count
                WHERE volume.project = ? GROUP BY 1
                """, arguments: [project])
        for row in revisions {
            let (revision, volume, axis, index): (Int64, String, String, Int) = (row[1], row[2], row[3], row[4])
            words[row[0]] = "revision \(revision), of slice \(index) on axis \(axis) of volume \"\(volume)\", has it"
        }
        return words
    }
}
