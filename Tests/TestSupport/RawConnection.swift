internal import Foundation
internal import HTTP

/// A client that sends exactly the bytes it is told to.
///
/// Blocks: use it on a thread of its own.
package final class RawConnection {
    package struct Failure: Error, CustomStringConvertible {
        package var description: String
    }

    let socket: CInt
    private var buffer: [UInt8] = []

    package init(port: Int) throws {
        socket = Foundation.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var patience = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let status = withUnsafeBytes(of: &address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { connect(socket, $0.baseAddress, socklen_t(bytes.count)) }
        }
        guard status == 0 else {
            // The socket is closed by `deinit`, which runs here too: all that is stored has its value.
            throw Failure(description: "no connection: \(String(cString: strerror(errno)))")
        }
    }

    deinit { close(socket) }

    /// Sends all bytes; a connection closed by the server is no error, since its reply may be waiting.
    package func send(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Foundation.send(socket, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    package func send(_ text: String) { send(Array(text.utf8)) }

    /// Tells the server that nothing more comes.
    package func endSending() { shutdown(socket, CInt(SHUT_WR)) }

    /// One line, without its end; `nil` once the server has closed.
    package func line() -> String? {
        while true {
            if let end = buffer.firstIndex(of: 0x0A) {
                let line = buffer[..<end]
                buffer.removeFirst(end + 1)
                return String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
            }
            guard fill() else { return nil }
        }
    }

    /// Whether the server has closed the connection, once everything before that was read.
    package func isClosedByServer() -> Bool { buffer.isEmpty && !fill() }

    /// The head of the next reply, interim ones included.
    package func head() throws -> Reply {
        guard let first = line() else { throw Failure(description: "the server closed without a reply") }
        let words = first.split(separator: " ")
        guard words.count >= 2, words[0] == "HTTP/1.1", let status = Int(words[1]) else {
            throw Failure(description: "no status line: \(first)")
        }
        var headers = Headers()
        while let line = line(), !line.isEmpty {
            let halves = line.split(separator: ":", maxSplits: 1)
            headers.add(String(halves[0]), halves.count > 1 ? String(halves[1].drop { $0 == " " }) : "")
        }
        return Reply(status: status, headers: headers, body: [])
    }

    /// The next reply with its body.
    package func reply(toHead isHead: Bool = false) throws -> Reply {
        var reply = try head()
        if isHead || reply.status == 204 || reply.status == 304 || reply.status < 200 { return reply }
        if let length = reply.headers["Content-Length"].flatMap({ Int($0) }) {
            reply.body = take(length)
            reply.isWhole = reply.body.count == length
        } else if reply.headers["Transfer-Encoding"] == "chunked" {
            reply.isWhole = false
            while let size = line().flatMap({ Int($0, radix: 16) }) {
                reply.body += take(size)
                _ = line()
                if size == 0 {
                    reply.isWhole = true
                    break
                }
            }
        } else {
            while fill() {}
            reply.body = buffer
            buffer = []
        }
        return reply
    }

    private func take(_ count: Int) -> [UInt8] {
        while buffer.count < count, fill() {}
        defer { buffer.removeFirst(min(count, buffer.count)) }
        return Array(buffer.prefix(count))
    }

    private func fill() -> Bool {
        var piece = [UInt8](repeating: 0, count: 65_536)
        let count = piece.withUnsafeMutableBytes { recv(socket, $0.baseAddress, $0.count, 0) }
        guard count > 0 else { return false }
        buffer += piece[..<count]
        return true
    }
}

extension RawConnection {
    /// Whether the server has cut the connection, or does so within a tenth of a second; reads nothing.
    package var isCut: Bool {
        let hangUp: CInt = 0x2000  // Linux's POLLRDHUP.
        var query = pollfd(fd: socket, events: Int16(hangUp), revents: 0)
        return poll(&query, 1, 100) > 0 && CInt(query.revents) & (hangUp | POLLHUP | POLLERR) != 0
    }

    /// Sends a byte ten times a second until the server has had enough.
    package func trickleUntilCut(_ byte: Character = "a") { while !isCut { send(String(byte)) } }

    /// Does nothing until the server has had enough.
    package func waitUntilCut() { while !isCut {} }
}
