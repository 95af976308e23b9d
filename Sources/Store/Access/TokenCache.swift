internal import Cryptography
internal import Foundation
internal import GRDB
internal import Synchronization

/// The tokens as the database has them at this moment, whoever wrote them; quick enough to be asked at every request,
/// from a thread that may wait for it.
///
/// Has a connection of its own, so that nobody who reads volumes can make it wait.
package final class TokenCache: Sendable {
    private struct Page {
        var version: Int?
        var tokens: [TokenRecord] = []
    }

    private let queue: DatabaseQueue
    private let page = Mutex(Page())

    init(file: URL) throws {
        var configuration = Configuration()
        configuration.label = "tokens"
        configuration.busyMode = .timeout(5)
        queue = try DatabaseQueue(path: file.path, configuration: configuration)
    }

    func close() throws { try queue.close() }

    /// Every token, revoked ones too.
    package func tokens() throws -> [TokenRecord] {
        do {
            return try queue.inDatabase { database in
                // Another number whenever any other connection, of any process, has changed the database.
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

    /// The record of a token that was presented, also of a revoked or expired one.
    ///
    /// Looks at all of them, in a time that tells nothing of them.
    package static func find(_ token: String, in tokens: [TokenRecord]) -> TokenRecord? {
        let hash = TokenText.hash(of: token)
        var found: TokenRecord?
        for record in tokens where SecureBytes.areEqual(record.hash, hash) { found = record }
        return found
    }

    /// Whether a token is still good.
    package func isValid(_ id: Int64) throws -> Bool {
        try tokens().contains { $0.id == id && $0.isValid() }
    }
}
