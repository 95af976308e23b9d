package import Foundation

/// An entry of the audit log.
package struct AuditRecord: Hashable, Identifiable, Sendable {
    package let id: Int64
    package let time: Date
    package let entry: NewAuditEntry
}

/// A change to be written to the audit log.
package struct NewAuditEntry: Hashable, Sendable {
    /// The token's name; `nil` if none was needed.
    package var token: String?
    package var project: String?
    package var method: String
    /// The path with its query.
    package var path: String
    package var status: Int
    package var request: String

    package init(token: String?, project: String?, method: String, path: String, status: Int, request: String) {
        self.token = token
        self.project = project
        self.method = method
        self.path = path
        self.status = status
        self.request = request
    }
}
