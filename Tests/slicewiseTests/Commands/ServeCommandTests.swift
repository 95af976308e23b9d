import Foundation
import TestSupport
import Testing

@Suite struct ServeCommandTests {
    @Test(arguments: [SIGTERM, SIGINT])
    func `the server says where it listens, answers, and ends well when asked`(number: Int32) async throws {
        let folder = try TemporaryFolder()
        defer { folder.keep() }
        let server = try await RunningServer(data: folder.url)
        let answer = try await server.call("GET", "/healthz")
        #expect(answer.status == 200)
        #expect(await server.stop(by: number) == 0)
        #expect(FileManager.default.fileExists(atPath: folder.path("slicewise.sqlite")))
    }

    @Test func `nobody else may read what it makes, and a folder that was open is closed with a line in the log`()
        async throws
    {
        let folder = try TemporaryFolder()
        defer { folder.keep() }
        let data = folder.url.appending(path: "data")
        try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: data.path)
        let log = try folder.file("log")
        let server = try await RunningServer(data: data, log: log.handle)
        _ = try await server.json("PUT", "/v1/projects/p", Customers.classes)
        let file = NumPyFile.noise(z: 4, y: 8, x: 8, seed: 1)
        #expect(try await server.call("PUT", "/v1/projects/p/volumes/v", file).status == 201)
        #expect(try await server.call("GET", "/v1/projects/p/volumes/v/image").status == 200)
        let all = try #require(FileManager.default.enumerator(at: data, includingPropertiesForKeys: nil))
        for place in [data] + all.compactMap({ $0 as? URL }) {
            let mode = try FileManager.default.attributesOfItem(atPath: place.path)[.posixPermissions] as? Int ?? 0
            #expect(mode & 0o077 == 0, "\(place.path) \(String(mode, radix: 8))")
        }
        #expect(await server.stop(by: SIGTERM) == 0)
        #expect(try String(contentsOf: log.url, encoding: .utf8).contains("rights to the data folder"))
    }

    @Test(.timeLimit(.minutes(5)))
    func `a service whose data folder is gone says so, and takes nothing`() async throws {
        let folder = try TemporaryFolder()
        defer { folder.keep() }
        let log = try folder.file("log")
        let data = folder.url.appending(path: "data")
        let server = try await RunningServer(data: data, log: log.handle)
        #expect(try await server.call("GET", "/readyz").status == 200)
        try FileManager.default.removeItem(at: data)
        #expect(try await server.call("GET", "/readyz").status == 503)
        let refused = try await server.call("PUT", "/v1/projects/p", Data(Customers.classes.utf8))
        #expect(refused.status == 503 && String(decoding: refused.body, as: UTF8.self).contains("data folder is gone"))
        // Nothing begins anew in its place.
        let file = NumPyFile.noise(z: 64, y: 256, x: 256, seed: 1)
        #expect(try await server.call("PUT", "/v1/projects/p/volumes/v", file).status == 503)
        #expect(!FileManager.default.fileExists(atPath: data.path))
        #expect(try await server.call("GET", "/healthz").status == 200)
        while try !String(contentsOf: log.url, encoding: .utf8).contains("was removed or replaced") {
            await Task.yield()
        }
        #expect(await server.stop(by: SIGTERM) == 0)
    }

    @Test func `what was acknowledged is there after a kill`() async throws {
        let folder = try TemporaryFolder()
        defer { folder.keep() }
        let first = try await RunningServer(data: folder.url)
        _ = try await first.json("PUT", "/v1/projects/p", #"{"classes":[{"name":"a"},{"name":"b"}]}"#)
        _ = await first.stop(by: SIGKILL)
        let second = try await RunningServer(data: folder.url)
        let project = try await second.json("GET", "/v1/projects/p")
        #expect(project["name"] as? String == "p")
        #expect(await second.stop(by: SIGTERM) == 0)
    }

    @Test func `a second server on the same folder is refused`() async throws {
        let folder = try TemporaryFolder()
        defer { folder.keep() }
        let server = try await RunningServer(data: folder.url)
        let outcome = try await Program.run("serve", "--port", "0", "--data", folder.url.path)
        #expect(outcome.status == 1)
        #expect(outcome.errors.split(separator: "\n").count == 1)
        #expect(outcome.errors.contains(folder.url.lastPathComponent))
        #expect(await server.stop(by: SIGTERM) == 0)
    }

    @Test func `a taken port is refused by its address`() async throws {
        let folder = try TemporaryFolder()
        defer { folder.keep() }
        let server = try await RunningServer(data: folder.url.appending(path: "a"))
        let port = String(server.address.drop { $0 != ":" }.dropFirst().drop { $0 != ":" }.dropFirst())
        let outcome = try await Program.run("serve", "--port", port, "--data", folder.path("b"))
        #expect(outcome.status == 1)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains("127.0.0.1:\(port)"))
        #expect(await server.stop(by: SIGTERM) == 0)
    }

    @Test(arguments: ["0.0.0.0", "::", "192.0.2.1"])
    func `without tokens only this machine is served`(host: String) async throws {
        let folder = try TemporaryFolder()
        let outcome = try await Program.run("serve", "--host", host, "--port", "0", "--data", folder.path("data"))
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains(host))
        #expect(outcome.errors.contains("127.0.0.1"))
    }
}
