package import Foundation

/// Who a token stands for and what it allows; the token itself is not kept.
package struct TokenRecord: Hashable, Identifiable, Sendable {
    /// Where a role holds.
    package enum Scope: Hashable, Sendable {
        /// In every project, and for the server as a whole.
        case everywhere
        /// In the projects of these names.
        case projects(Set<String>)

        package func covers(_ project: String) -> Bool {
            switch self {
            case .everywhere: true
            case .projects(let names): names.contains(project)
            }
        }
    }

    package let id: Int64
    package let name: String
    package let role: Role
    package let scope: Scope
    package let created: Date
    package let expires: Date?
    package let revoked: Date?
    /// SHA-256 of the token.
    let hash: [UInt8]

    package func isExpired(at time: Date = Date()) -> Bool { expires.map { $0 <= time } ?? false }

    /// Whether it still opens anything.
    package func isValid(at time: Date = Date()) -> Bool { revoked == nil && !isExpired(at: time) }
}
