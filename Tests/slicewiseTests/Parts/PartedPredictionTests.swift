import Foundation
import TestSupport
import Testing

/// `slicewise predict` from one OME-Zarr to another, by one process and by several.
@Suite struct PartedPredictionTests {
    let folder: TemporaryFolder
    /// The least memory, which makes many blocks.
    let memory: String

    init() async throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        _ = try await Program.run("phantom", "--size", "8,16,16", "--channels", "1", "--out", folder.url.path)
        for (name, seed) in [("model", "1"), ("other", "2")] {
            let trained = try await Program.run(
                "train", "--image", folder.path("image.nii.gz"), "--labels", folder.path("sparse.nii.gz"), "--out",
                folder.path("\(name).safetensors"), "--recipe", #"{"base":2,"levels":2}"#, "--steps", "2", "--seed",
                seed,
                "--threads", "1")
            try #require(trained.status == 0, "\(trained.errors)")
        }
        try ZarrImage(shape: [20, 70, 100], chunk: [16, 32, 48]).write(to: folder.url.appending(path: "image.ome.zarr"))
        let refused = try await Self.predict(folder, "none.ome.zarr", "--memory", "1")
        let match = try #require(refused.errors.firstMatch(of: #/takes, (\d+) MiB/#), "\(refused.errors)")
        memory = String(match.1)
    }

    private static func arguments(
        _ folder: TemporaryFolder, _ out: String, model: String = "model", image: String = "image.ome.zarr"
    ) -> [String] {
        [
            "predict", "--model", folder.path("\(model).safetensors"), "--image", folder.path(image), "--out",
            folder.path(out), "--threads", "1",
        ]
    }

    private static func predict(
        _ folder: TemporaryFolder, _ out: String, _ options: String...
    ) async throws -> Program.Outcome { try await Program.run(arguments(folder, out) + options) }

    private func predict(_ out: String, _ options: [String]) async throws -> Program.Outcome {
        try await Program.run(Self.arguments(folder, out) + ["--memory", memory] + options)
    }

    /// Every file of a folder by its path.
    private func files(_ name: String) throws -> [String: Data] {
        let url = folder.url.appending(path: name)
        var files: [String: Data] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: url.path) {
            let file = url.appending(path: path)
            guard try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { continue }
            files[path] = try Data(contentsOf: file)
        }
        return files
    }

    private func chunks(_ name: String) -> Int {
        let paths = (try? FileManager.default.subpathsOfDirectory(atPath: folder.path(name))) ?? []
        return paths.count { $0.hasPrefix("0/") && $0.split(separator: "/").count >= 4 }
    }

    /// Starts a part, signals it when it has written a chunk, and gives back its exit status.
    private func interrupt(_ out: String, _ options: [String], by number: Int32) async throws -> Int32 {
        let before = chunks(out)
        let process = try Program.process(
            Self.arguments(folder, out) + ["--memory", memory] + options, [:], nil)
        process.standardError = FileHandle.nullDevice
        try process.run()
        while process.isRunning, chunks(out) == before { await Task.yield() }
        kill(process.processIdentifier, number)
        return await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                process.waitUntilExit()
                continuation.resume(returning: process.terminationStatus)
            }
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: ["2", "3"])
    func `parts in any order, killed and repeated, are byte for byte what one process writes`(format: String)
        async throws
    {
        let what = ["--with", "uncertainty,probability", "--zarr", format]
        let whole = try await predict("whole.ome.zarr", what)
        #expect(whole.status == 0, "\(whole.errors)")
        #expect(whole.errors.contains("whole, with labels, probability, uncertainty in 2 levels"), "\(whole.errors)")

        _ = try await interrupt("parts.ome.zarr", what + ["--part", "3/3"], by: SIGKILL)
        let early = try await predict("parts.ome.zarr", what + ["--finish"])
        #expect(early.status == 1)
        #expect(
            early.errors.contains("is not whole") && early.errors.contains("(from z 0, y 0, x 0)"), "\(early.errors)")
        let root = format == "2" ? ".zattrs" : "zarr.json"
        #expect(try files("parts.ome.zarr")[root] == nil && files("whole.ome.zarr")[root] != nil)

        let stopped = try await interrupt("parts.ome.zarr", what + ["--part", "1/3"], by: SIGTERM)
        #expect([75, 0].contains(stopped))
        for part in ["2/3", "1/3", "3/3", "2/3"] {
            let outcome = try await predict("parts.ome.zarr", what + ["--part", part])
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.errors.contains("part \(part)"))
        }
        let finished = try await predict("parts.ome.zarr", what + ["--finish"])
        #expect(finished.status == 0, "\(finished.errors)")
        let (one, other) = (try files("whole.ome.zarr"), try files("parts.ome.zarr"))
        #expect(Set(one.keys) == Set(other.keys))
        for (path, data) in one { #expect(other[path] == data, "\(path) differs") }

        // Chunks that are lost are made again, as they were.
        let lost = folder.url.appending(path: "parts.ome.zarr/0" + (format == "2" ? "/0/1/1" : "/c/0/0/0"))
        try FileManager.default.removeItem(at: lost)
        let again = try await predict("parts.ome.zarr", what)
        #expect(again.status == 0 && again.errors.contains("1 block in"), "\(again.errors)")
        #expect(try files("parts.ome.zarr") == one)
        // Those that are there are left alone, unless told otherwise.
        try Data([1]).write(to: lost)
        _ = try await predict("parts.ome.zarr", what)
        #expect(try Data(contentsOf: lost) == Data([1]))
        let all = try await predict("parts.ome.zarr", what + ["--again"])
        #expect(all.status == 0, "\(all.errors)")
        #expect(try files("parts.ome.zarr") == one)
    }

    @Test func `blocks have the classes that an ordinary prediction has, and come back as labels`() async throws {
        let blocks = try await predict("a.ome.zarr", [])
        #expect(blocks.status == 0, "\(blocks.errors)")
        let plain = try await Program.run(Self.arguments(folder, "a.npy"))
        #expect(plain.status == 0, "\(plain.errors)")
        let scored = try await Program.run(
            "evaluate", "--prediction", folder.path("a.ome.zarr"), "--truth", folder.path("a.npy"), "--classes",
            "class0", "class1", "class2", "--json")
        #expect(scored.status == 0, "\(scored.errors)")
        let scores = try #require(try JSONSerialization.jsonObject(with: Data(scored.output.utf8)) as? [String: Any])
        #expect(try #require(scores["voxels"] as? Int) == 140_000)
        #expect(try #require(scores["mean_iou"] as? Double) > 0.995)
    }

    @Test func `what was begun is gone on with only as it was begun`() async throws {
        let prepared = try await predict("b.ome.zarr", ["--prepare"])
        #expect(prepared.status == 0 && prepared.errors.contains("prepared"), "\(prepared.errors)")
        #expect(chunks("b.ome.zarr") == 0)
        func refuses(_ reason: String, _ arguments: [String], status: Int32 = 1) async throws {
            let outcome = try await Program.run(arguments)
            #expect(outcome.status == status && outcome.errors.contains(reason), "\(reason): \(outcome.errors)")
        }
        let out = Self.arguments(folder, "b.ome.zarr")
        try await refuses("by another model", Self.arguments(folder, "b.ome.zarr", model: "other"))
        try await refuses("with labels, not with labels, probability", out + ["--with", "probability"])
        try await refuses("as OME-Zarr 0.4, not 0.5", out + ["--zarr", "3"])
        try await refuses("with another --memory", out + ["--memory", "500"])
        try await refuses("of another image", out + ["--spacing", "1,1,2"])
        try ZarrImage(shape: [20, 70, 101], chunk: [16, 32, 48]).write(to: folder.url.appending(path: "c.ome.zarr"))
        try await refuses(
            "of another image, of 20×70×100 voxels instead of 20×70×101",
            Self.arguments(folder, "b.ome.zarr", image: "c.ome.zarr"))
        // Without --memory it is as it was begun.
        let part = try await Program.run(out + ["--part", "1/5"])
        #expect(part.status == 0, "\(part.errors)")

        try FileManager.default.createDirectory(
            at: folder.url.appending(path: "d.ome.zarr"), withIntermediateDirectories: true)
        try Data().write(to: folder.url.appending(path: "d.ome.zarr/mine.txt"))
        try await refuses("holds something else (mine.txt)", Self.arguments(folder, "d.ome.zarr"))
        try await refuses("is the image's folder, or one within the other", Self.arguments(folder, "image.ome.zarr"))
        try await refuses("one within the other", Self.arguments(folder, "image.ome.zarr/labels.zarr"))
        try await refuses(
            "an OME-Zarr that is a folder is expected", Self.arguments(folder, "e.zarr", image: "image.nii.gz"))
        try ZarrImage(shape: [20, 70, 101], chunk: [16, 32, 48])
            .write(to: folder.url.appending(path: "empty.ome.zarr"), chunks: false)
        try await refuses("has no chunk, such as 0/0/0/0", Self.arguments(folder, "e.zarr", image: "empty.ome.zarr"))
        #expect(!FileManager.default.fileExists(atPath: folder.path("e.zarr")))
        try await refuses("there is nothing to finish", Self.arguments(folder, "e.zarr") + ["--finish"])
        for (option, reason) in [
            (["--part", "0/3"], "counted from 1"), (["--with", "entropy"], "probability,uncertainty is expected"),
            (["--zarr", "4"], "2 (OME-Zarr 0.4)"), (["--part", "1/2", "--finish"], "exclude each other"),
            (["--uncertainty", "u.nii"], "--with uncertainty"),
            (["--instructions", "sse"], "avx512, avx2 or portable"),
        ] {
            try await refuses(reason, out + option, status: 64)
        }
        try await refuses(
            "--part is for an OME-Zarr", Self.arguments(folder, "f.nii") + ["--part", "1/2"], status: 64)
    }
}
