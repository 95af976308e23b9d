/// What a token permits; each role includes those before it.
package enum Role: String, CaseIterable, Codable, Comparable, Sendable {
    /// Read everything.
    case viewer
    /// Post, clear and restore annotations.
    case annotator
    /// Upload volumes, truths and models, and run jobs.
    case trainer
    /// Change and remove projects, remove volumes, read the audit log.
    case admin

    package static func < (one: Role, other: Role) -> Bool { one.rank < other.rank }

    private var rank: Int { Role.allCases.firstIndex(of: self) ?? 0 }
}
