import Foundation
import TestSupport
import Testing

/// The examples of the README, run as they stand there.
@Suite(.serialized) struct ReadmeTests {
    /// A Python with NumPy: the one of `Scripts/python` or the system's.
    private static let python: URL? = {
        let own = TestFiles.repository.appending(path: ".build/python/bin/python")
        return [own, URL(filePath: "/usr/bin/python3")].first { url in
            guard FileManager.default.isExecutableFile(atPath: url.path) else { return false }
            let process = Process()
            process.executableURL = url
            process.arguments = ["-c", "import numpy"]
            process.standardError = FileHandle.nullDevice
            guard (try? process.run()) != nil else { return false }
            process.waitUntilExit()
            return process.terminationStatus == 0
        }
    }()

    /// Where a shell finds programs, as if this one were installed.
    private static let path = "\(Program.url.deletingLastPathComponent().path):/usr/bin:/bin"

    private static let hasCurl = FileManager.default.isExecutableFile(atPath: "/usr/bin/curl")

    /// The only block of code in a language that has a text in it.
    private func block(_ language: String, with text: String) throws -> String {
        let readme = try String(contentsOf: TestFiles.repository.appending(path: "README.md"), encoding: .utf8)
        let blocks = readme.components(separatedBy: "\n```").filter {
            $0.hasPrefix("\(language)\n") && $0.contains(text)
        }
        try #require(blocks.count == 1)
        return String(blocks[0].dropFirst(language.count + 1)) + "\n"
    }

    @Test(.enabled(if: hasCurl, "curl is needed"), .timeLimit(.minutes(10)))
    func `the loop in the shell ends with a prediction and a report`() async throws {
        let folder = try TemporaryFolder()
        let server = try await RunningServer(data: folder.url.appending(path: "data"))
        let script = try block("sh", with: "slicewise phantom")
        let done = try await Program.run(
            ["-euo", "pipefail", "-c", script], environment: ["SLICEWISE": server.address, "PATH": Self.path],
            in: folder.url, executable: URL(filePath: "/bin/bash"))
        #expect(done.status == 0, "\(done.errors)")
        #expect(!done.output.contains(#""title""#), "\(done.output)")
        #expect(done.output.contains(#""truth":{"#) && done.output.contains("succeeded"), "\(done.output)")
        let prediction = try Data(contentsOf: folder.url.appending(path: "prediction.nii.gz"))
        #expect(prediction.starts(with: [0x1f, 0x8b]))
        _ = await server.stop(by: SIGTERM)
    }

    @Test(.enabled(if: python != nil, "Python with NumPy is needed"), .timeLimit(.minutes(10)))
    func `the loop in Python takes about thirty lines and ends with a prediction`() async throws {
        let folder = try TemporaryFolder()
        let server = try await RunningServer(data: folder.url.appending(path: "data"))
        let phantom = try await Program.run(["phantom", "--size", "32,96,96", "--out", "sample"], in: folder.url)
        #expect(phantom.status == 0)
        let script = try block("python", with: "urllib")
        #expect(script.split(separator: "\n").count <= 32)
        let done = try await Program.run(
            ["-c", script], environment: ["SLICEWISE": server.address], in: folder.url,
            executable: try #require(Self.python))
        #expect(done.status == 0, "\(done.errors)")
        #expect(done.output.contains("round 2: mean IoU 0.") && done.output.contains("voxels by class:"))
        _ = await server.stop(by: SIGTERM)
    }
}
