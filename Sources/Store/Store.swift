package import Foundation
package import Migrations

/// What is kept between runs: one SQLite file in WAL mode, in a folder that one process owns.
///
/// A call that has returned is on the disk and survives a crash and a loss of power, unless it says otherwise.
/// Asynchronous calls stop with `CancellationError`, nothing stored, when their task is cancelled.
package final class Store: Sendable {
    package let folder: URL

    /// Creates the folder if need be, takes its lock, opens and migrates the database, and removes what a crash left.
    package init(
        folder: URL, options: StoreOptions = StoreOptions(), migrations: [Migration] = Migrations.all
    ) throws {
        self.folder = folder
        throw StoreError.failed("unfinished")
    }

    /// Moves the write-ahead log into the database and closes it; the store is of no use afterwards.
    package func close() throws { throw StoreError.failed("unfinished") }
}
