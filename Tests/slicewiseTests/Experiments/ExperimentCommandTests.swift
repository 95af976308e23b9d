import Foundation
import TestSupport
import Testing

@Suite struct ExperimentCommandTests {
    private static let recipe = #"{"preset":"fast","base":2,"levels":2,"patch":{"z":8,"y":16,"x":16}}"#

    private func result(_ folder: TemporaryFolder, _ name: String) throws -> [String: Any] {
        let data = try Data(contentsOf: folder.url.appending(path: "\(name)/result.json"))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test(arguments: [("crossvalidate", 9, 3), ("slices", 6, 3), ("transfer", 4, 2)])
    func `an experiment on phantoms writes JSON, a table and a plot`(
        kind: String, runs: Int, series: Int
    ) async throws {
        let folder = try TemporaryFolder()
        let outcome = try await Program.run(
            "experiment", kind, "--phantoms", "2", "--scale", "0.1", "--steps", "2", "--recipe", Self.recipe, "--out",
            folder.path("out"), "--threads", "1")
        #expect(outcome.status == 0, "\(outcome.errors)")
        let found = try result(folder, "out")
        #expect((found["runs"] as? [Any])?.count == runs)
        #expect((found["series"] as? [Any])?.count == series)
        #expect(found["classes"] as? [String] == ["inside tubule", "tubule", "background"])
        #expect(try String(contentsOfFile: folder.path("out/table.md"), encoding: .utf8).contains("| mean IoU |"))
        #expect(try String(contentsOfFile: folder.path("out/plot.svg"), encoding: .utf8).hasPrefix("<svg"))
    }

    @Test func `the same command again trains nothing twice, another recipe everything`() async throws {
        let folder = try TemporaryFolder()
        func run(_ recipe: String) async throws -> String {
            let outcome = try await Program.run(
                "experiment", "transfer", "--phantoms", "2", "--scale", "0.1", "--steps", "2", "--recipe", recipe,
                "--variants", #"[{"name":"plain"}]"#, "--out", folder.path("out"), "--threads", "1")
            #expect(outcome.status == 0, "\(outcome.errors)")
            return outcome.output + outcome.errors
        }
        #expect(try await run(Self.recipe).contains("plain, phantom2: mean IoU"))
        let again = try await run(Self.recipe)
        #expect(again.contains("continuing after run 2 of 2"))
        #expect(!again.contains("plain, phantom2: mean IoU"))
        #expect(try await run(#"{"base":2,"levels":1}"#).contains("plain, phantom2: mean IoU"))
    }

    @Test func `files that are read in another way are trained on anew`() async throws {
        let folder = try TemporaryFolder()
        _ = try await Program.run(
            "phantom", "--size", "12,24,24", "--channels", "1", "--slices", "3", "--out", folder.url.path)
        func run(_ more: String...) async throws -> Bool {
            let outcome = try await Program.run(
                [
                    "experiment", "slices", "--image", folder.path("image.nii.gz"), "--labels",
                    folder.path("label.nii.gz"), "--steps", "1", "--counts", "1", "--recipe", Self.recipe, "--threads",
                    "1", "--out", folder.path("out"),
                ] + more)
            #expect(outcome.status == 0, "\(outcome.errors)")
            return outcome.output.contains("continuing after run")
        }
        #expect(try await !run())
        #expect(try await run())
        #expect(try await !run("--spacing", "2,1,1"))
        #expect(try await !run("--spacing", "2,1,1", "--unit", "nanometer"))
        #expect(try await !run("--spacing", "2,1,1", "--unit", "nanometer", "--ignore-place"))
    }

    @Test func `sparse label files, dense ones and a truth beside sparse ones are told apart`() async throws {
        let folder = try TemporaryFolder()
        _ = try await Program.run(
            "phantom", "--size", "12,24,24", "--channels", "1", "--slices", "3", "--out", folder.url.path)
        func voxels(_ name: String, _ more: String...) async throws -> [Int] {
            let outcome = try await Program.run(
                [
                    "experiment", "slices", "--image", folder.path("image.nii.gz"), "--steps", "1", "--counts", "1",
                    "--recipe", Self.recipe, "--threads", "1", "--out", folder.path(name),
                ] + more)
            #expect(outcome.status == 0, "\(outcome.errors)")
            return try #require(try result(folder, name)["runs"] as? [[String: Any]]).compactMap {
                $0["voxels"] as? Int
            }
        }
        let unseen = 11 * 23 * 23
        #expect(try await voxels("dense", "--labels", folder.path("label.nii.gz")) == [unseen])
        let (sparse, label) = (folder.path("sparse.nii.gz"), folder.path("label.nii.gz"))
        #expect(try await voxels("both", "--labels", sparse, "--truth", label) == [unseen])
        #expect(try await voxels("sparse", "--labels", sparse)[0] < unseen / 2)
    }

    @Test func `presets are plotted over seconds beside what others have reached`() async throws {
        let folder = try TemporaryFolder()
        _ = try await Program.run(
            "phantom", "--size", "12,24,24", "--channels", "1", "--out", folder.url.path)
        let others = folder.path("others.json")
        try #"[{"name":"random forest","points":[{"x":3.1,"y":0.85}]}]"#.write(
            toFile: others, atomically: true, encoding: .utf8)
        let outcome = try await Program.run(
            "experiment", "presets", "--image", folder.path("image.nii.gz"), "--labels", folder.path("label.nii.gz"),
            "--presets", Self.recipe, "--seconds", "0.2,0.1", "--others", others, "--out", folder.path("out"),
            "--threads", "1")
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect((try result(folder, "out")["runs"] as? [Any])?.count == 2)
        let plot = try String(contentsOfFile: folder.path("out/plot.svg"), encoding: .utf8)
        #expect(plot.contains("random forest: 0.85 at 3.1"))
    }
}
