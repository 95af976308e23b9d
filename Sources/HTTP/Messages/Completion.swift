/// A request whose reply has left, or whose client has.
package struct Completion: Sendable {
    package let head: RequestHead
    package let status: Int
    /// Bytes of bodies.
    package let received: Int
    package let sent: Int
    package let seconds: Double
    /// Whether the reply left whole.
    package let isComplete: Bool

    package init(head: RequestHead, status: Int, received: Int, sent: Int, seconds: Double, isComplete: Bool) {
        self.head = head
        self.status = status
        self.received = received
        self.sent = sent
        self.seconds = seconds
        self.isComplete = isComplete
    }
}
