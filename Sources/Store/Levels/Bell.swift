/// Wakes one listener; it may be rung any number of times before it is heard.
package final class Bell: Sendable {
    /// One element for all that rang since the last.
    package let rings: AsyncStream<Void>
    private let clapper: AsyncStream<Void>.Continuation

    init() {
        (rings, clapper) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    package func ring() { clapper.yield() }
}
