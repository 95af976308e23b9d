internal import Foundation

/// A bound, listening TCP socket; it is closed by the code that accepts its connections.
struct ListeningSocket {
    let descriptor: CInt
    /// The bound port, also if port 0 was requested.
    let port: Int

    init(host: String, port: Int) throws(ServerError) {
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, String(port), &hints, &found)
        guard status == 0, let first = found else {
            throw .cannotListen(host: host, port: port, reason: String(cString: gai_strerror(status)))
        }
        defer { freeaddrinfo(first) }
        var reason = "no address"
        for candidate in sequence(first: first, next: { $0.pointee.ai_next }) {
            guard let bound = ListeningSocket.bind(candidate.pointee) else {
                reason = String(cString: strerror(errno))
                continue
            }
            descriptor = bound
            self.port = ListeningSocket.port(of: bound) ?? port
            return
        }
        throw .cannotListen(host: host, port: port, reason: reason)
    }

    /// The bound socket; `nil` on failure, with the reason in `errno`.
    private static func bind(_ address: addrinfo) -> CInt? {
        let raw = socket(address.ai_family, address.ai_socktype | CInt(SOCK_CLOEXEC.rawValue), address.ai_protocol)
        guard raw >= 0 else { return nil }
        var yes: CInt = 1
        setsockopt(raw, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<CInt>.size))
        guard Foundation.bind(raw, address.ai_addr, address.ai_addrlen) == 0, listen(raw, SOMAXCONN) == 0 else {
            let reason = errno
            close(raw)
            errno = reason
            return nil
        }
        return raw
    }

    private static func port(of socket: CInt) -> Int? {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutableBytes(of: &address) { bytes in
            getsockname(socket, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length)
        }
        guard result == 0 else { return nil }
        // The port has the same offset for IPv4 and IPv6.
        return withUnsafeBytes(of: address) { Int($0[2]) << 8 | Int($0[3]) }
    }
}
