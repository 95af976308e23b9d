import HTTP
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct OpenSocketsTests {
    @Test func `clients that are refused while they send count as connections, however many they are`() async throws {
        var router = Router(logger: .silent)
        router.on(.get, "/") { _ in .text("here") }
        var options = ServerOptions()
        options.connectionLimit = 8
        let metrics = ServerMetrics()
        try await withServer(router, options: options, metrics: metrics) { server in
            try await onThread {
                var refused: [RawConnection] = []
                func refuseOne() throws {
                    let client = try RawConnection(port: server.port)
                    client.send("PUT /nowhere HTTP/1.1\r\nHost: t\r\nContent-Length: 100000\r\n\r\n")
                    #expect(try client.reply().status == 404)
                    refused.append(client)
                }
                for _ in 0..<200 where metrics.openConnections < 8 { try refuseOne() }
                #expect(metrics.openConnections >= 8)
                for _ in 0..<20 {
                    try refuseOne()
                    #expect(metrics.openConnections <= 9)  // One of them may just be closing.
                }
                let other = try RawConnection(port: server.port)
                other.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n")
                #expect(try other.reply().text == "here")
            }
        }
        #expect(metrics.openConnections == 0)
    }

    @Test func `more connections than the process may have are refused at the start`() throws {
        var options = ServerOptions()
        options.connectionLimit = 10_000_000
        #expect {
            try Server.check(options)
        } throws: { error in
            guard case ServerError.tooManyConnections(10_000_000, let possible, let files) = error else { return false }
            return possible < files && "\(error)".contains("ulimit -n") && "\(error)".contains("\(possible)")
        }
    }
}

extension ServerMetrics {
    /// The gauge of open connections.
    fileprivate var openConnections: Int {
        var text = PrometheusText()
        write(to: &text)
        let name = "slicewise_http_connections "
        return text.text.split(separator: "\n").first { $0.hasPrefix(name) }.flatMap { Int($0.dropFirst(name.count)) }
            ?? -1
    }
}
