package import Foundation
internal import GRDB

/// A link that opens one volume to whoever has it; the token in it is not stored.
package struct ShareRecord: Hashable, Identifiable, Sendable {
    package let id: Int64
    /// The volume's name.
    package let volume: String
    /// The name of the token that made it; `nil` where none was needed.
    package let author: String?
    package let created: Date
    package let expires: Date
}

extension ShareRecord {
    init(row: Row) {
        self.init(
            id: row["id"], volume: row["volume_name"], author: row["author"], created: row["created"],
            expires: row["expires"])
    }

    /// Shares with the names of their volumes and makers.
    static let selection = """
        SELECT share.*, volume.name AS volume_name, token.name AS author FROM share
        JOIN volume ON volume.id = share.volume LEFT JOIN token ON token.id = share.token
        """

    /// Which of them are good at the time `:now`: a share ends with the token that made it.
    static let isValid = """
        share.expires > :now AND token.revoked IS NULL AND (token.expires IS NULL OR token.expires > :now)
        """
}
