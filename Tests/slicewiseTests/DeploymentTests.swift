import Foundation
import TestSupport
import Testing
import slicewise

/// What is installed beside the program.
@Suite struct DeploymentTests {
    /// One thing that `systemd-analyze security` looks at, and how many of ten points it costs.
    private struct Exposure: Decodable {
        var name: String
        var exposure: String?
    }

    private static let deployment = TestFiles.repository.appending(path: "Deployment")
    private static let analyze = URL(filePath: "/usr/bin/systemd-analyze")
    private static let hasAnalyze = FileManager.default.isExecutableFile(atPath: analyze.path)

    @Test(.enabled(if: hasAnalyze, "systemd-analyze is needed"))
    func `the unit leaves little to an intruder, and a page says why each point is left`() async throws {
        let unit = Self.deployment.appending(path: "slicewise.service").path
        let done = try await Program.run(
            ["security", "--offline=true", "--threshold=20", "--no-pager", "--json=short", unit],
            executable: Self.analyze)
        #expect(done.status == 0, "the exposure is above 2.0: \(done.errors)")
        let page = TestFiles.repository.appending(path: "Documentation/Operations.md")
        let text = try String(contentsOf: page, encoding: .utf8).replacing("\\|", with: "|")
        let left = try JSONDecoder().decode([Exposure].self, from: Data(done.output.utf8)).filter { $0.exposure != nil }
        #expect(!left.isEmpty)
        for point in left { #expect(text.contains("`\(point.name)`"), "\(point.name) is not explained") }
    }

    @Test func `the settings that are installed are settings`() async throws {
        let file = Self.deployment.appending(path: "slicewise.json").path
        let settings = try Settings.load(arguments: ["--config", file], environment: [:])
        #expect(settings.data.folder == "/var/lib/slicewise")
        #expect(settings.http.host == "127.0.0.1")
    }

    @Test func `the program tells its commands as the manual page is made of them`() async throws {
        let done = try await Program.run("--experimental-dump-help")
        #expect(done.status == 0)
        #expect(done.output.contains("\"commandName\" : \"serve\""))
    }
}
