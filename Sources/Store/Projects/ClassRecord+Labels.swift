internal import GRDB
internal import Volumes

extension ClassRecord {
    /// The classes of a project by value.
    static func all(_ database: Database, project: Int64) throws -> [ClassRecord] {
        try Row.fetchAll(
            database, sql: "SELECT name, color, removed FROM class WHERE project = ? ORDER BY value",
            arguments: [project]
        ).map { ClassRecord(name: $0["name"], color: $0["color"], isRemoved: $0["removed"]) }
    }
}

extension [ClassRecord] {
    /// Whether a voxel can be labelled with this value: that of a class that was not removed, or 255.
    func takes(_ value: Int) -> Bool {
        value == Int(AnnotatedSlice.unlabeled) || indices.contains(value) && !self[value].isRemoved
    }

    /// What the values mean, for messages.
    var legend: String {
        let removed = indices.filter { self[$0].isRemoved }
        guard !removed.isEmpty else { return "the classes are 0 to \(count - 1), 255 is unlabeled" }
        func list(_ values: [Int]) -> String {
            values.map { "\($0) (\(self[$0].name))" }.joined(separator: ", ")
        }
        return "the classes are \(list(indices.filter { !self[$0].isRemoved })), 255 is unlabeled; "
            + "\(list(removed)) was removed"
    }
}
