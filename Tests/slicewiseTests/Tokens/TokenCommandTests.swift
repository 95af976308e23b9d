import Foundation
import TestSupport
import Testing

@Suite struct TokenCommandTests {
    private func token(_ arguments: String..., data: URL) async throws -> Program.Outcome {
        try await Program.run(["token"] + arguments + ["--data", data.path])
    }

    private func create(_ name: String, _ more: String..., data: URL) async throws -> String {
        let outcome = try await Program.run(["token", "create", "--name", name, "--data", data.path] + more)
        try #require(outcome.status == 0, "\(outcome.errors)")
        return outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test func `tokens made and revoked beside a running server count at once`() async throws {
        let folder = try TemporaryFolder()
        defer { folder.keep() }
        let server = try await RunningServer(data: folder.url)
        #expect(try await server.call("PUT", "/v1/projects/p", Data(#"{"classes":[{"name":"a"}]}"#.utf8)).status == 201)
        let admin = try await create("boss", "--role", "admin", data: folder.url)
        #expect(try await server.call("GET", "/v1/projects").status == 401)
        #expect(try await server.call("GET", "/v1/projects", token: admin).status == 200)
        let viewer = try await create("anna", "--role", "viewer", "--project", "p", data: folder.url)
        #expect(try await server.call("GET", "/v1/projects/p", token: viewer).status == 200)
        #expect(try await server.call("DELETE", "/v1/projects/p", token: viewer).status == 403)
        #expect(try await token("revoke", "anna", data: folder.url).status == 0)
        #expect(try await server.call("GET", "/v1/projects/p", token: viewer).status == 401)
        #expect(try await server.call("GET", "/healthz").status == 200)
        #expect(await server.stop(by: SIGTERM) == 0)
    }

    @Test func `the list shows everything but the tokens`() async throws {
        let folder = try TemporaryFolder()
        let empty = try await token("list", data: folder.url)
        #expect(empty.status == 0 && empty.output.contains("no token"))
        let text = try await create("boss", "--role", "admin", "--expires-days", "30", data: folder.url)
        _ = try await create("anna", "--role", "viewer", data: folder.url)
        #expect(try await token("revoke", "anna", data: folder.url).status == 0)
        let list = try await token("list", data: folder.url)
        #expect(list.output.contains("boss") && list.output.contains("revoked") && !list.output.contains(text))
        let json = try await token("list", "--json", data: folder.url).output
        let rows = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
        #expect(rows.map { $0["state"] as? String } == ["valid", "revoked"])
        #expect(rows[0]["projects"] is NSNull && rows[0]["role"] as? String == "admin")
        #expect(rows[0]["expires"] is String && rows[1]["expires"] is NSNull)
    }

    @Test func `what can't be done is told in one line`() async throws {
        let folder = try TemporaryFolder()
        #expect(try await token("revoke", "anna", data: folder.url).errors.contains("no token"))
        for arguments in [
            ["--name", "a b", "--role", "viewer"], ["--name", "a", "--role", "viewer", "--project", "missing"],
        ] {
            let outcome = try await Program.run(["token", "create", "--data", folder.url.path] + arguments)
            #expect(outcome.status == 1 && outcome.output.isEmpty)
            #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
        }
        let role = try await Program.run("token", "create", "--name", "a", "--role", "root", "--data", folder.url.path)
        #expect(role.status != 0 && role.errors.contains("admin"))
        _ = try await create("anna", "--role", "viewer", data: folder.url)
        let twice = try await Program.run(
            "token", "create", "--name", "anna", "--role", "viewer", "--data", folder.url.path)
        #expect(twice.status == 1 && twice.errors.contains("anna"))
    }

    @Test func `with a token the server listens to others, and lets nobody in without`() async throws {
        let folder = try TemporaryFolder()
        defer { folder.keep() }
        let admin = try await create("boss", "--role", "admin", data: folder.url)
        let server = try await RunningServer(data: folder.url, flags: ["--host", "0.0.0.0"])
        #expect(server.address.hasPrefix("http://0.0.0.0:"))
        #expect(try await server.call("GET", "/v1/projects").status == 401)
        #expect(try await server.call("GET", "/v1/projects", token: admin).status == 200)
        let revoked = try await token("revoke", "boss", "--forget", data: folder.url)
        #expect(revoked.status == 0)
        #expect(try await server.call("GET", "/v1/projects").status == 401, "no token is left, and it stays shut")
        #expect(await server.stop(by: SIGTERM) == 0)
        let outcome = try await Program.run("serve", "--host", "0.0.0.0", "--port", "0", "--data", folder.url.path)
        #expect(outcome.status == 1 && outcome.errors.contains("slicewise token create"))
    }
}
