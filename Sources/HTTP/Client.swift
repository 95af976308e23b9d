/// The client whose request the current task answers.
///
/// A class, since Swift 6.3 compiles a task's local function wrongly with optimisation.
package final class Client: Sendable {
    @TaskLocal static var current: Client?

    /// Whether the client has closed its connection, or said that it sends no more; false without a socket.
    package static var hasLeft: @Sendable () -> Bool {
        guard let current else { return { false } }
        return current.isGone
    }

    private let isGone: @Sendable () -> Bool

    init(isGone: @escaping @Sendable () -> Bool) { self.isGone = isGone }
}
