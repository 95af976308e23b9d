/// What a token permits; each role includes those before it, except that of workers, which stands apart.
package enum Role: String, CaseIterable, Codable, Comparable, Sendable {
    /// Compute jobs on another machine, and nothing else.
    case worker
    /// Read everything.
    case viewer
    /// Post, clear and restore annotations.
    case annotator
    /// Upload volumes, truths and models, and run jobs.
    case trainer
    /// Change and remove projects, remove volumes, read the audit log.
    case admin

    package static func < (one: Role, other: Role) -> Bool { one.rank < other.rank }

    /// Whether who has this role may do what that role is needed for; admins may work, too.
    package func permits(_ needed: Role) -> Bool {
        needed == .worker ? self == .worker || self == .admin : self >= needed
    }

    private var rank: Int { Role.allCases.firstIndex(of: self) ?? 0 }
}
