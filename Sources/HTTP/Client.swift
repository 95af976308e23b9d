/// The client whose request the current task answers.
package enum Client {
    /// Whether it has closed its connection, or said that it sends no more; false without a socket.
    @TaskLocal package static var hasLeft: @Sendable () -> Bool = { false }
}
