import Foundation
import HTTP
import TestSupport
import Testing

/// A service that may have few files open.
@Suite(.timeLimit(.minutes(10))) struct OpenFilesTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func server(files: Int, connections: Int) async throws -> RunningServer {
        try await RunningServer(data: folder.url, flags: ["--http-connections", "\(connections)"], files: files)
    }

    @Test func `clients that are refused while they send take no files from others`() async throws {
        let server = try await server(files: 256, connections: 64)
        let port = try #require(server.port)
        try await onThread {
            var refused: [RawConnection] = []
            for _ in 0..<400 {
                let client = try RawConnection(port: port)
                client.send("PUT /nowhere HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\n")
                #expect(try client.reply().status == 404)
                refused.append(client)
            }
            let other = try RawConnection(port: port)
            other.send("GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            #expect(try other.reply().status == 200)
        }
        #expect(await server.stop(by: SIGTERM) == 0)
    }

    @Test func `an upload for which no file can be opened is answered 503, and taken when others have ended`()
        async throws
    {
        let server = try await server(files: 256, connections: 60)
        _ = try await server.json("PUT", "/v1/projects/p", #"{"classes":[{"name":"a"},{"name":"b"}]}"#)
        let port = try #require(server.port)
        try await onThread {
            func upload(_ number: Int) throws -> (RawConnection, Reply) {
                let client = try RawConnection(port: port)
                client.send(
                    "PUT /v1/projects/p/volumes/v\(number) HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n"
                        + "Expect: 100-continue\r\n\r\n")
                return (client, try client.head())
            }
            var open: [RawConnection] = []
            var statuses: [Int] = []
            while open.count < 55, statuses.last != 503 {
                let (client, reply) = try upload(open.count)
                if reply.status == 503 { #expect(reply.headers["Retry-After"] == "1") }
                open.append(client)
                statuses.append(reply.status)
            }
            #expect(statuses.first == 100 && statuses.last == 503, "\(statuses)")
            open = []
            var status = 503
            while status == 503 { status = try upload(0).1.status }
            #expect(status == 100)
        }
        #expect(await server.stop(by: SIGTERM) == 0)
    }

    @Test func `more connections than the service may have files for are refused by the setting's name`() async throws {
        let outcome = try await Program.run(
            Program.shell(
                files: 1024, ["serve", "--check", "--data", folder.path("data"), "--http-connections", "5000"]),
            executable: URL(filePath: "/bin/sh"))
        #expect(outcome.status == 1 && outcome.output.isEmpty)
        #expect(outcome.errors.contains("http.connections") && outcome.errors.contains("832"), "\(outcome.errors)")
    }
}
