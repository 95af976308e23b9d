internal import Foundation

/// Operations on the socket of a connection that the daemon owns.
enum Peer {
    /// Linux's `POLLRDHUP`, which glibc defines only with `_GNU_SOURCE`.
    private static let hangUp: CInt = 0x2000

    /// Whether the other side has closed the connection, or its sending half.
    static func isGone(_ socket: CInt) -> Bool {
        var query = pollfd(fd: socket, events: Int16(hangUp), revents: 0)
        return poll(&query, 1, 0) > 0 && CInt(query.revents) & (hangUp | POLLHUP | POLLERR) != 0
    }

    /// Bytes received and bytes sent that the other side has acknowledged, as the kernel counts them.
    static func moved(_ socket: CInt) -> UInt64? {
        // Offsets in Linux's `tcp_info`, which never change; glibc's definition ends before these members.
        let (acknowledged, received) = (120, 128)
        return withUnsafeTemporaryAllocation(byteCount: 256, alignment: 8) { info in
            var count = socklen_t(info.count)
            guard getsockopt(socket, CInt(IPPROTO_TCP), TCP_INFO, info.baseAddress, &count) == 0,
                Int(count) >= received + 8
            else { return nil }
            return info.load(fromByteOffset: acknowledged, as: UInt64.self)
                + info.load(fromByteOffset: received, as: UInt64.self)
        }
    }

    /// Cuts a connection, dropping unsent bytes; the daemon notices and closes it.
    static func sever(_ socket: CInt) {
        var atOnce = Foundation.linger(l_onoff: 1, l_linger: 0)
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &atOnce, socklen_t(MemoryLayout<Foundation.linger>.size))
        shutdown(socket, CInt(SHUT_RDWR))
    }

    /// A second descriptor of the connection, which stays open when its owner closes the first.
    static func duplicate(_ socket: CInt) -> CInt? {
        let copy = fcntl(socket, F_DUPFD_CLOEXEC, 0)
        return copy >= 0 ? copy : nil
    }

    /// Drops what has arrived, no more than a megabyte; `false` once the other side has finished sending.
    static func drop(from socket: CInt) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 16) { buffer in
            for _ in 0..<16 {
                let count = recv(socket, buffer.baseAddress, buffer.count, CInt(MSG_DONTWAIT))
                if count < 0 { return errno == EAGAIN || errno == EINTR }
                if count == 0 { return false }
            }
            return true
        }
    }

    /// The numeric form of an address.
    static func name(of address: UnsafePointer<sockaddr>) -> String? {
        let isIPv6 = address.pointee.sa_family == sa_family_t(AF_INET6)
        let length = isIPv6 ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            let status = getnameinfo(
                address, socklen_t(length), buffer.baseAddress, socklen_t(buffer.count), nil, 0, NI_NUMERICHOST)
            guard status == 0, let start = buffer.baseAddress else { return nil }
            return String(cString: start)
        }
    }
}
