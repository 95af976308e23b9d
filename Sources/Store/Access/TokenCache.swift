internal import Cryptography
package import Foundation
internal import GRDB
internal import Synchronization

/// The tokens in the database, also those that another process wrote; fast enough to be read at every request, on a
/// thread that may block.
///
/// Has a connection of its own, so that it never waits for those that read volumes.
package final class TokenCache: Sendable {
    private struct Page {
        var version: Int?
        var tokens: [TokenRecord] = []
    }

    private let queue: DatabaseQueue
    private let page = Mutex(Page())
    private let latest: Mutex<Date>

    init(file: URL) throws {
        var configuration = Configuration()
        configuration.label = "tokens"
        configuration.busyMode = .timeout(5)
        queue = try DatabaseQueue(path: file.path, configuration: configuration)
        let last = try queue.inDatabase { database in
            try database.tableExists("audit")
                ? Date.fetchOne(database, sql: "SELECT time FROM audit ORDER BY id DESC LIMIT 1") : nil
        }
        latest = Mutex(last ?? .distantPast)
    }

    func close() throws { try queue.close() }

    /// The latest time that was ever seen, also before the last start: a clock that is put back revives no token.
    package var now: Date {
        latest.withLock { latest in
            latest = max(latest, Date())
            return latest
        }
    }

    /// Notes that it is at least so late.
    package func note(_ time: Date) { latest.withLock { $0 = max($0, time) } }

    /// Every token, revoked ones too.
    package func tokens() throws -> [TokenRecord] {
        do {
            return try queue.inDatabase { database in
                // Changes whenever any other connection, of any process, has changed the database.
                let version = try Int.fetchOne(database.cachedStatement(sql: "PRAGMA data_version"))
                if let tokens = page.withLock({ $0.version == version ? $0.tokens : nil }) { return tokens }
                let tokens = try TokenRecord.fetchAll(database)
                page.withLock { $0 = Page(version: version, tokens: tokens) }
                return tokens
            }
        } catch {
            throw StoreError.translated(error)
        }
    }

    /// The record of the token that a request sent, also if it is revoked or expired.
    ///
    /// Compares with every record, in a time that does not depend on what they hold.
    package static func find(_ token: String, in tokens: [TokenRecord]) -> TokenRecord? {
        let hash = TokenText.hash(of: token)
        var found: TokenRecord?
        for record in tokens where SecureBytes.areEqual(record.hash, hash) { found = record }
        return found
    }

    /// Whether a token is still valid.
    package func isValid(_ id: Int64) throws -> Bool {
        try tokens().contains { $0.id == id && $0.isValid(at: now) }
    }
}
