import Foundation

extension RawConnection {
    /// Whether the server has cut the connection, or does so within a tenth of a second; reads nothing.
    var isCut: Bool {
        let hangUp: CInt = 0x2000  // Linux's POLLRDHUP.
        var query = pollfd(fd: socket, events: Int16(hangUp), revents: 0)
        return poll(&query, 1, 100) > 0 && CInt(query.revents) & (hangUp | POLLHUP | POLLERR) != 0
    }

    /// Sends a byte ten times a second until the server has had enough.
    func trickleUntilCut(_ byte: Character = "a") { while !isCut { send(String(byte)) } }

    /// Does nothing until the server has had enough.
    func waitUntilCut() { while !isCut {} }
}
