/// What a token lets its bearer do; each may do all that those before it may.
package enum Role: String, CaseIterable, Codable, Comparable, Sendable {
    /// Look at everything.
    case viewer
    /// Post, clear and restore annotations.
    case annotator
    /// Bring volumes, truths and models, and run jobs.
    case trainer
    /// Change and remove projects, remove volumes, read the audit log.
    case admin

    package static func < (one: Role, other: Role) -> Bool { one.rank < other.rank }

    private var rank: Int { Role.allCases.firstIndex(of: self) ?? 0 }
}
