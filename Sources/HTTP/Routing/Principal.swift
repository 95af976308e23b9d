/// Who asks, as the gate has found out.
package protocol Principal: Sendable {
    /// By which the log calls them.
    var name: String { get }
}
