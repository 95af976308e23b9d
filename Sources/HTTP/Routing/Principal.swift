/// The client, as the gate identified it.
package protocol Principal: Sendable {
    /// The client's name in the log.
    var name: String { get }
}
