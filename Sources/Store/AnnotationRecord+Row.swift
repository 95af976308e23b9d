internal import GRDB
internal import Volumes

extension AnnotationRecord {
    /// The columns a record is made of: all but the labels.
    static let columns = "revision, volume, axis, slice, author, created, restored, labels IS NULL AS cleared, counts"

    init(row: Row) throws {
        guard let axis = Axis(rawValue: row["axis"]) else { throw StoreError.corrupt("an annotation without an axis") }
        self.init(
            revision: row["revision"], volume: row["volume"], axis: axis, index: row["slice"], author: row["author"],
            created: row["created"], cleared: row["cleared"], restored: row["restored"],
            counts: try Store.counts(from: row["counts"]))
    }
}
