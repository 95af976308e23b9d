import Foundation
import TestSupport
import Testing
import slicewise

@Suite(.timeLimit(.minutes(10))) struct LogWriterTests {
    private let pipe = Pipe()

    private func writer() -> LogWriter {
        LogWriter(descriptor: pipe.fileHandleForWriting.fileDescriptor, capacity: 10_000) { "dropped \($0)" }
    }

    @Test func `a reader that stalls stops nobody, and is told later what it has missed`() throws {
        let writer = writer()
        let line = String(repeating: "x", count: 99)
        for _ in 0..<5000 { writer.write(line) }
        #expect(writer.dropped > 0)
        let text = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        #expect(text.hasPrefix(line + "\n"))
        // What is read makes room; all that is left comes before the end.
        let rest = ResultBox()
        let done = DispatchSemaphore(value: 0)
        Thread.detachNewThread { [pipe] in
            rest.data = pipe.fileHandleForReading.readDataToEndOfFile()
            done.signal()
        }
        writer.close(within: .seconds(60))
        try pipe.fileHandleForWriting.close()
        done.wait()
        let all = (text + String(decoding: rest.data, as: UTF8.self)).split(separator: "\n")
        let told = all.filter { $0.hasPrefix("dropped ") }.compactMap { Int($0.dropFirst(8)) }.reduce(0, +)
        #expect(told == writer.dropped && told + all.filter { $0 == line }.count == 5000)
    }

    @Test func `a reader that leaves ends nothing`() throws {
        let writer = writer()
        try pipe.fileHandleForReading.close()
        for _ in 0..<10 { writer.write("line") }
        writer.close(within: .seconds(60))
        #expect(writer.dropped == 10)
    }

    @Test func `a service whose log nobody reads answers, counts what it drops, and ends when asked`() async throws {
        let folder = try TemporaryFolder()
        defer { folder.keep() }
        let server = try await RunningServer(data: folder.url, log: pipe.fileHandleForWriting)
        let port = try #require(server.port)
        try await onThread {
            let client = try RawConnection(port: port)
            for _ in 0..<500 {
                client.send("GET /\(String(repeating: "a", count: 4000)) HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                #expect(try client.reply().status == 404)
            }
        }
        let metrics = String(decoding: try await server.call("GET", "/metrics").body, as: UTF8.self)
        let name = "slicewise_log_dropped_lines_total "
        let count = metrics.split(separator: "\n").first { $0.hasPrefix(name) }.flatMap {
            Int($0.dropFirst(name.count))
        }
        #expect(count ?? 0 > 0)
        #expect(await server.stop(by: SIGTERM) == 0)
    }

    @Test func `a service whose log's reader has left answers, and ends when asked`() async throws {
        let folder = try TemporaryFolder()
        defer { folder.keep() }
        let server = try await RunningServer(data: folder.url, log: pipe.fileHandleForWriting)
        try pipe.fileHandleForReading.close()
        for _ in 0..<20 { #expect(try await server.call("GET", "/healthz").status == 200) }
        #expect(await server.stop(by: SIGTERM) == 0)
    }
}

/// What another thread has read.
private final class ResultBox: @unchecked Sendable {
    var data = Data()
}
