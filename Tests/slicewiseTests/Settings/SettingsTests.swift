import Foundation
import TestSupport
import Testing
import slicewise

@Suite struct SettingsTests {
    private func load(_ arguments: [String] = [], environment: [String: String] = [:]) throws -> Settings {
        try Settings.load(arguments: arguments, environment: environment)
    }

    @Test func `the program carries the file of defaults`() throws {
        let settings = try load()
        #expect(settings.http.host == "127.0.0.1")
        #expect(settings.http.port == 8080)
        #expect(settings.data.folder == "data")
    }

    @Test func `a flag goes before the environment, that before the file`() throws {
        let folder = try TemporaryFolder()
        let file = folder.path("settings.json")
        try #"{"http":{"port":1,"threads":11,"timeoutSeconds":111}}"#.write(
            toFile: file, atomically: true, encoding: .utf8)
        let environment = [
            "SLICEWISE_HTTP_PORT": "2", "SLICEWISE_HTTP_TIMEOUT_SECONDS": "222", "SLICEWISE_CONFIG": file,
        ]
        let settings = try load(["--port", "3"], environment: environment)
        #expect(settings.http.port == 3)
        #expect(settings.http.timeoutSeconds == 222)
        #expect(settings.http.threads == 11)
        #expect(settings.http.connections == 512)
    }

    @Test(arguments: [
        (#"{"http":{"prot":1}}"#, #""http.prot", which is not a setting"#),
        (#"{"prot":1}"#, #""prot", which is not a setting"#),
        (#"{"http":{"port":"8080"}}"#, "http.port in"),
        (#"{"http":{"port":true}}"#, "must be a whole number"),
        (#"{"http":{"port":80.5}}"#, "must be a whole number"),
        (#"{"http":{"host":7}}"#, "must be a string"),
        (#"{"http":7}"#, #""http", which is not a setting"#),
        (#"{"http":{"port":70000}}"#, "from 0 to 65535"),
        (#"{"log":{"level":"loud"}}"#, "one of trace"),
        (#"{"workers":{"engine":"ssh"}}"#, "local or slurm"),
        (#"{"workers":{"engine":"slurm"}}"#, "workers.slurm.server"),
        (#"{"workers":{"slurm":{"partitions":"p"}}}"#, #""workers.slurm.partitions", which is not a setting"#),
        (#"[1]"#, "not a JSON object"),
        (#"{"#, "not a JSON object"),
    ])
    func `a file that is wrong is refused by the key's name`(json: String, words: String) throws {
        let folder = try TemporaryFolder()
        let file = folder.path("settings.json")
        try json.write(toFile: file, atomically: true, encoding: .utf8)
        let error = #expect(throws: SettingsError.self) { try load(["--config", file]) }
        #expect(try #require(error).description.contains(words))
    }

    @Test(arguments: [
        ("SLICEWISE_HTTP_PROT", "1", "SLICEWISE_HTTP_PROT, which is not a setting"),
        ("SLICEWISE_HTTP_PORT", "http", "SLICEWISE_HTTP_PORT"),
        ("SLICEWISE_HTTP_PORT", "-1", "from 0 to 65535"),
    ])
    func `a variable that is wrong is refused by its name`(name: String, value: String, words: String) throws {
        let error = #expect(throws: SettingsError.self) { try load(environment: [name: value]) }
        #expect(try #require(error).description.contains(words))
    }

    @Test(arguments: ["SLICEWISE_URL", "SLICEWISE_TOKEN"])
    func `what clients are told by the environment is no mistake in the settings`(name: String) {
        #expect(throws: Never.self) { try load(environment: [name: "http://127.0.0.1:8080"]) }
    }

    @Test func `a missing file is refused by its path`() throws {
        let error = #expect(throws: SettingsError.self) { try load(["--config", "/nowhere/slicewise.json"]) }
        #expect(try #require(error).description.contains("/nowhere/slicewise.json"))
    }

    /// The settings of the file by their keys.
    private func defaults() throws -> [String: String] {
        func settings(of group: Any, _ key: String) -> [String: String] {
            guard let group = group as? [String: Any] else { return [key: "\(group)"] }
            return group.reduce(into: [:]) { all, member in
                all.merge(settings(of: member.value, key.isEmpty ? member.key : "\(key).\(member.key)")) { $1 }
            }
        }
        return settings(of: try JSONSerialization.jsonObject(with: Data(Settings.defaults)), "")
    }

    @Test func `every setting of the file has a flag and a variable`() async throws {
        let help = try await Program.run("serve", "--help").output
        for (key, value) in try defaults() {
            let variable = Settings.variable(for: key)
            let flag = "--" + variable.dropFirst("SLICEWISE_".count).lowercased().replacing("_", with: "-")
            #expect(help.contains(flag), "no flag \(flag)")
            #expect(throws: Never.self) { try load(environment: [variable: value]) }
        }
    }

    @Test func `every setting is in Documentation/Settings.md, with its variable and its default`() throws {
        let file = TestFiles.repository.appending(path: "Documentation/Settings.md")
        let page = try String(contentsOf: file, encoding: .utf8)
        let defaults = try defaults()
        for (key, value) in defaults {
            let usual = value.isEmpty ? " |" : " `\(value)` |"
            #expect(page.contains("\n| `\(key)` | `\(Settings.variable(for: key))` |\(usual)"), "\(key)")
        }
        #expect(page.matches(of: #/`SLICEWISE_[A-Z]+_[A-Z_]+` \|/#).count == defaults.count)
    }

    @Test func `wrong settings end the program with one line`() async throws {
        let outcome = try await Program.run("serve", environment: ["SLICEWISE_HTTP_PROT": "1"])
        #expect(outcome.status == 1)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.split(separator: "\n").count == 1)
        #expect(outcome.errors.hasPrefix("Error: the environment sets SLICEWISE_HTTP_PROT"))
    }
}
