package import Foundation

/// Why the store refused or failed.
package enum StoreError: Error, Equatable, CustomStringConvertible {
    /// What was asked for is not there; names it.
    case notFound(String)
    /// What was asked for contradicts what is stored; says what would be right.
    case conflict(String)
    /// A rule of the data forbids it: an ill-formed name, a value that is no class, a slice outside of the volume.
    case constraint(String)
    /// Another process has the data folder open.
    case folderInUse(URL, by: Int32?)
    /// The database was written by a newer program; names the migrations unknown here.
    case newerSchema([String])
    /// A migration was edited after it was applied to this database.
    case editedMigration(String)
    /// No room left: the disk or the size limit is full. Nothing of the failed call was stored.
    case full(String)
    /// The file is not a database or is damaged.
    case corrupt(String)
    /// Anything else that the database or file system reports.
    case failed(String)

    package var description: String {
        switch self {
        case .notFound(let what): "there is no \(what)"
        case .conflict(let reason), .constraint(let reason): reason
        case .folderInUse(let folder, by: let process):
            "the data folder \(folder.path) is in use by another server"
                + (process.map { " (process \($0))" } ?? "") + "; stop it or choose another folder"
        case .newerSchema(let names):
            "the database was written by a newer version of the program (it has \(names.joined(separator: ", "))); "
                + "use that version or a backup made before"
        case .editedMigration(let name):
            "the migration \(name) differs from the one applied to this database; restore the file and add a new one"
        case .full(let detail): "no room left for the database: \(detail)"
        case .corrupt(let detail): "the database is damaged: \(detail); restore a backup"
        case .failed(let detail): "the database failed: \(detail)"
        }
    }
}
