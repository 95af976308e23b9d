package import Foundation

extension Store {
    /// Bytes of the database and its write-ahead log on the disk.
    package var databaseSize: Int { get throws { throw StoreError.failed("unfinished") } }

    /// Reads the whole database; says what is wrong, or nothing.
    package func integrityCheck() async throws -> [String] { throw StoreError.failed("unfinished") }

    /// Writes a consistent copy to a new file while the store goes on working.
    package func backup(to file: URL) async throws { throw StoreError.failed("unfinished") }
}
