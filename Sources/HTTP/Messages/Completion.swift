/// A request whose reply was sent, or whose client disconnected.
package struct Completion: Sendable {
    package let head: RequestHead
    package let status: Int
    /// In bytes, bodies only.
    package let received: Int
    package let sent: Int
    package let seconds: Double
    /// Whether the whole reply was sent.
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
