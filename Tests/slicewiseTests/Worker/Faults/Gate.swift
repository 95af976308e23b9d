import Foundation

/// What stands between a worker and its server, in place of a network: it can break, or fall silent.
final class Gate: @unchecked Sendable {
    enum Passage: Sendable {
        case open
        /// Connections break, and new ones are refused.
        case closed
        /// Nothing gets through and neither side hears why; what was sent arrives later.
        case silent
    }

    /// Two sockets, closed with the last thread that uses them.
    private final class Connection: Sendable {
        let sockets: [CInt]

        init(_ sockets: [CInt]) { self.sockets = sockets }

        func end() { for socket in sockets { shutdown(socket, CInt(SHUT_RDWR)) } }

        deinit { for socket in sockets { close(socket) } }
    }

    struct Failure: Error {}

    /// Where the worker finds it.
    let port: Int
    private let listener: CInt
    /// Guards all below.
    private let change = NSCondition()
    private var passage = Passage.open
    private var server = 0
    private var connections: [CInt: Connection] = [:]

    init() throws {
        let socket = Foundation.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = Self.address(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutableBytes(of: &address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) {
                bind(socket, $0.baseAddress, length) == 0 && listen(socket, 64) == 0
                    && getsockname(socket, $0.baseAddress, &length) == 0
            }
        }
        listener = socket
        port = Int(UInt16(bigEndian: address.sin_port))
        guard isBound else { throw Failure() }
        Thread.detachNewThread { [self] in admit() }
    }

    private static func address(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        return address
    }

    /// Leads to another port from now on.
    func lead(to server: Int) { change.withLock { self.server = server } }

    func turn(_ passage: Passage) {
        let broken = change.withLock { () -> [Connection] in
            self.passage = passage
            change.broadcast()
            return passage == .closed ? Array(connections.values) : []
        }
        for connection in broken { connection.end() }
    }

    /// Ends all its threads.
    func remove() {
        turn(.closed)
        shutdown(listener, CInt(SHUT_RDWR))
    }

    private func admit() {
        defer { close(listener) }
        while true {
            let worker = accept(listener, nil, nil)
            guard worker >= 0 else { return }
            let (isClosed, target) = change.withLock { (passage == .closed, server) }
            let onward = isClosed ? -1 : Self.connect(to: target)
            guard onward >= 0 else {
                // It is refused, not ended in good order.
                var atOnce = linger(l_onoff: 1, l_linger: 0)
                setsockopt(worker, SOL_SOCKET, SO_LINGER, &atOnce, socklen_t(MemoryLayout<linger>.size))
                close(worker)
                continue
            }
            let connection = Connection([worker, onward])
            change.withLock { connections[worker] = connection }
            for (source, target) in [(worker, onward), (onward, worker)] {
                Thread.detachNewThread { [self] in
                    while let bytes = Self.receive(source), isPassed(), Self.send(bytes, to: target) {}
                    connection.end()
                    change.withLock { if connections[worker] === connection { connections[worker] = nil } }
                }
            }
        }
    }

    /// Waits while it is silent; whether it is open then.
    private func isPassed() -> Bool {
        change.withLock {
            while passage == .silent { change.wait() }
            return passage == .open
        }
    }

    /// A socket; -1 if there is no server.
    private static func connect(to port: Int) -> CInt {
        let socket = Foundation.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = Self.address(port: port)
        let status = withUnsafeBytes(of: &address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) {
                Foundation.connect(socket, $0.baseAddress, socklen_t(bytes.count))
            }
        }
        guard status == 0 else {
            close(socket)
            return -1
        }
        return socket
    }

    /// What comes; `nil` at the end.
    private static func receive(_ socket: CInt) -> [UInt8]? {
        let bytes = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
            count = max(recv(socket, buffer.baseAddress, buffer.count, 0), 0)
        }
        return bytes.isEmpty ? nil : bytes
    }

    private static func send(_ bytes: [UInt8], to socket: CInt) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Foundation.send(socket, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }
}
