internal import GRDB
internal import Synchronization

/// A cache of projects and volumes, since every request needs them and they rarely change.
///
/// It is emptied when one of them changes in the database.
final class RecordCache: TransactionObserver, Sendable {
    private struct Place: Hashable {
        let project: Int64
        let volume: String
    }

    private struct State {
        var projects: [String: ProjectRecord] = [:]
        var volumes: [Place: VolumeRecord] = [:]
        /// Counts the changes, so that a record read before a change is not cached after it.
        var edition = 0
        /// Whether the open transaction has changed a record.
        var isTouched = false

        mutating func forget() {
            edition += 1
            projects = [:]
            volumes = [:]
        }
    }

    /// The most records of each kind.
    private static let most = 1000
    private let state = Mutex(State())

    func project(named name: String, read: () async throws -> ProjectRecord) async throws -> ProjectRecord {
        let (known, edition) = state.withLock { ($0.projects[name], $0.edition) }
        if let known { return known }
        let project = try await read()
        state.withLock { state in
            guard state.edition == edition else { return }
            if state.projects.count >= Self.most { state.projects = [:] }
            state.projects[name] = project
        }
        return project
    }

    func volume(
        project: Int64, name: String, read: () async throws -> VolumeRecord
    ) async throws -> VolumeRecord {
        let place = Place(project: project, volume: name)
        let (known, edition) = state.withLock { ($0.volumes[place], $0.edition) }
        if let known { return known }
        let volume = try await read()
        state.withLock { state in
            guard state.edition == edition else { return }
            if state.volumes.count >= Self.most { state.volumes = [:] }
            state.volumes[place] = volume
        }
        return volume
    }

    // MARK: - On the writer's queue

    /// SQLite does not report changes to `class`, which has no rowid: a change of a class also updates its project.
    func observes(eventsOfKind kind: DatabaseEventKind) -> Bool {
        switch kind {
        case .insert(let table), .delete(let table), .update(let table, _):
            ["project", "volume"].contains(table)
        }
    }

    func databaseDidChange(with event: DatabaseEvent) { state.withLock { $0.isTouched = true } }

    func databaseDidCommit(_ database: Database) {
        state.withLock { state in
            if state.isTouched { state.forget() }
            state.isTouched = false
        }
    }

    func databaseDidRollback(_ database: Database) { state.withLock { $0.isTouched = false } }
}
