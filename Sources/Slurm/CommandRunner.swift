/// How a program ended, and what it wrote.
package struct CommandOutcome: Hashable, Sendable {
    package var status: Int32
    package var output: String
    package var errors: String

    package init(status: Int32 = 0, output: String = "", errors: String = "") {
        self.status = status
        self.output = output
        self.errors = errors
    }
}

/// Runs programs by their names.
package protocol CommandRunner: Sendable {
    /// Runs a program to its end, with a short text as its input.
    func run(_ program: String, _ arguments: [String], input: String) async throws(SlurmError) -> CommandOutcome
}
