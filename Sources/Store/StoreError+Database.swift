internal import GRDB
internal import Volumes

extension StoreError {
    /// What an error of the database means to callers.
    init(_ error: DatabaseError) {
        let detail = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
        switch (error.resultCode, error.extendedResultCode) {
        case (.SQLITE_FULL, _), (_, .SQLITE_IOERR_WRITE), (_, .SQLITE_IOERR_FSYNC), (_, .SQLITE_IOERR_TRUNCATE),
            (_, .SQLITE_IOERR_SHMSIZE), (_, .SQLITE_IOERR_SHMMAP):
            self = .full(detail)
        case (.SQLITE_CONSTRAINT, _), (.SQLITE_TOOBIG, _): self = .constraint(detail)
        case (.SQLITE_CORRUPT, _), (.SQLITE_NOTADB, _): self = .corrupt(detail)
        default: self = .failed("\(detail) (SQLite error \(error.extendedResultCode.rawValue))")
        }
    }

    /// Gives an error that a call of the database threw the store's own type; others, cancellation for one, pass.
    static func translated(_ error: any Error) -> any Error {
        switch error {
        case let error as DatabaseError: StoreError(error)
        case let error as VolumeError: StoreError.corrupt("\(error)")
        case let error as DecodingError: StoreError.corrupt("\(error)")
        default: error
        }
    }
}
