package import Foundation
internal import GRDB
internal import Volumes

/// Why the store refused or failed.
package enum StoreError: Error, Equatable, CustomStringConvertible {
    /// Something does not exist; names it.
    case notFound(String)
    /// A request contradicts what is stored; says what would be right.
    case conflict(String)
    /// A rule of the data is broken: an ill-formed name, a value that is not a class, a slice outside the volume.
    case constraint(String)
    /// Another process has the data folder open.
    case folderInUse(URL, by: Int32?)
    /// The database was written by a newer program; names the migrations that this one lacks.
    case newerSchema([String])
    /// A migration was edited after it was applied to this database.
    case editedMigration(String)
    /// Another program holds the database.
    case busy
    /// The data folder, or its disk, is no longer there.
    case gone(URL)
    /// The disk is full or the size limit is reached; nothing of the failed call was stored.
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
                + "use that version or restore an older backup"
        case .editedMigration(let name):
            "the migration \(name) differs from the one applied to this database; restore the file and add a new one"
        case .full(let detail): "no space left for the database: \(detail)"
        case .busy: "another program holds the database; try again in a moment"
        case .gone(let folder):
            "the data folder \(folder.path) was removed or replaced while the service ran, which no longer stores "
                + "anything; put it back, or start the service again"
        case .corrupt(let detail): "the database is damaged: \(detail); restore a backup"
        case .failed(let detail): "the database failed: \(detail)"
        }
    }
}

extension StoreError {
    /// Converts an error of SQLite.
    init(_ error: DatabaseError) {
        let detail = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
        switch (error.resultCode, error.extendedResultCode) {
        case (.SQLITE_FULL, _), (_, .SQLITE_IOERR_WRITE), (_, .SQLITE_IOERR_FSYNC), (_, .SQLITE_IOERR_TRUNCATE),
            (_, .SQLITE_IOERR_SHMSIZE), (_, .SQLITE_IOERR_SHMMAP):
            self = .full(detail)
        case (.SQLITE_BUSY, _), (.SQLITE_LOCKED, _): self = .busy
        case (.SQLITE_CONSTRAINT, _), (.SQLITE_TOOBIG, _): self = .constraint(detail)
        case (.SQLITE_CORRUPT, _), (.SQLITE_NOTADB, _): self = .corrupt(detail)
        default: self = .failed("\(detail) (SQLite error \(error.extendedResultCode.rawValue))")
        }
    }

    /// Converts errors of the database to `StoreError`; others, such as cancellation, stay as they are.
    static func translated(_ error: any Error) -> any Error {
        switch error {
        case let error as DatabaseError: StoreError(error)
        case let error as VolumeError: StoreError.corrupt("\(error)")
        case let error as DecodingError: StoreError.corrupt("\(error)")
        default: error
        }
    }
}
