internal import GRDB
internal import Volumes

/// What the annotations of a volume were like when something was found out about them.
struct AnnotationState: Hashable, Sendable {
    let extent: Extent
    /// The last revision, of whatever volume, that was seen.
    var revision: Int64
}

extension AnnotationTransaction {
    /// The state that this transaction sees.
    func state() throws -> AnnotationState {
        // Never falls, also when the volumes of the last revisions are deleted.
        let last = try Int64.fetchOne(database, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'annotation'")
        return AnnotationState(extent: extent, revision: last ?? 0)
    }

    /// Whether no slice of the volume has changed since a state.
    func isStill(_ state: AnnotationState) throws -> Bool {
        // By their numbers, as those since then are few.
        let hasMoved = try Bool.fetchOne(
            database, sql: "SELECT EXISTS (SELECT 1 FROM annotation WHERE revision > ? AND +volume = ?)",
            arguments: [state.revision, volume])
        return extent == state.extent && hasMoved != true
    }
}
