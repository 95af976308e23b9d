import Foundation
import TestSupport
import Testing

/// The commands that work on files, one after the other as a user would.
@Suite struct FileCommandTests {
    @Test func `the same seed makes the same phantom, another one another`() async throws {
        let folder = try TemporaryFolder()
        for (name, seed) in [("a", "7"), ("b", "7"), ("c", "8")] {
            let outcome = try await Program.run(
                "phantom", "--size", "8,24,20", "--channels", "2", "--seed", seed, "--slices", "1", "--out",
                folder.path(name))
            #expect(outcome.status == 0)
        }
        for file in [
            "image.nii.gz", "label.nii.gz", "sparse.nii.gz", "slices/z-4.png", "slices/y-12.png", "slices/x-10.png",
        ] {
            let data = try ["a", "b", "c"].map { try Data(contentsOf: folder.url.appending(path: "\($0)/\(file)")) }
            #expect(data[0] == data[1], "\(file) differs between two runs")
            #expect(data[0] != data[2] || file.hasSuffix("png"), "\(file) is the same for another seed")
        }
    }

    @Test func `train, predict and evaluate hand each other files`() async throws {
        let folder = try TemporaryFolder()
        let sample = folder.url
        _ = try await Program.run("phantom", "--size", "12,32,32", "--channels", "1", "--out", sample.path)
        let recipe = folder.path("recipe.json")
        try #"{"preset":"fast","base":4,"levels":2,"patch":{"z":8,"y":16,"x":16}}"#.write(
            toFile: recipe, atomically: true, encoding: .utf8)
        let model = folder.path("model.safetensors")
        let trained = try await Program.run(
            "train", "--image", folder.path("image.nii.gz"), "--labels", folder.path("sparse.nii.gz"), "--out", model,
            "--recipe", recipe, "--steps", "40", "--seed", "3", "--threads", "1")
        #expect(trained.status == 0, "\(trained.errors)")
        #expect(trained.errors.contains("40 steps"))

        let labels = folder.path("labels.nii.gz")
        let predicted = try await Program.run(
            "predict", "--model", model, "--image", folder.path("image.nii.gz"), "--out", labels, "--probability",
            folder.path("probability.nii"), "--uncertainty", folder.path("uncertainty.npy"), "--threads", "1")
        #expect(predicted.status == 0, "\(predicted.errors)")
        let voxels = 12 * 32 * 32
        #expect(try Data(contentsOf: folder.url.appending(path: "probability.nii")).count >= 352 + voxels * 3 * 4)
        #expect(try Data(contentsOf: folder.url.appending(path: "uncertainty.npy")).count >= voxels * 4)

        for (format, start) in [("onnx", [8, 8, 18] as [UInt8]), ("bioimageio", Array("PK".utf8))] {
            let file = folder.path("model.\(format)")
            let exported = try await Program.run("export", "--model", model, "--format", format, "--out", file)
            #expect(exported.status == 0, "\(exported.errors)")
            #expect(try Data(contentsOf: URL(filePath: file)).starts(with: start))
        }

        let scored = try await Program.run(
            "evaluate", "--prediction", labels, "--truth", folder.path("label.nii.gz"), "--labels",
            folder.path("sparse.nii.gz"), "--json")
        #expect(scored.status == 0, "\(scored.errors)")
        let scores = try #require(try JSONSerialization.jsonObject(with: Data(scored.output.utf8)) as? [String: Any])
        #expect(try #require(scores["voxels"] as? Int) < voxels)
        #expect((scores["classes"] as? [Any])?.count == 3)
        #expect(try #require(scores["mean_iou"] as? Double) > 0.1)
    }

    @Test func `a checkpoint goes when its training ends, and that of another training is refused`() async throws {
        let folder = try TemporaryFolder()
        _ = try await Program.run("phantom", "--size", "8,16,16", "--channels", "1", "--out", folder.url.path)
        func train(_ model: String, checkpoint: String) async throws -> Program.Outcome {
            try await Program.run(
                "train", "--image", folder.path("image.nii.gz"), "--labels", folder.path("sparse.nii.gz"), "--out",
                folder.path(model), "--checkpoint", folder.path(checkpoint), "--recipe", #"{"base":2,"levels":2}"#,
                "--steps", "2", "--threads", "1")
        }
        let first = try await train("one.safetensors", checkpoint: "kept.safetensors")
        #expect(first.status == 0, "\(first.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("kept.safetensors")))
        let other = try await train("two.safetensors", checkpoint: "one.safetensors")
        #expect(other.status == 1)
        #expect(other.errors.contains("one.safetensors"))
        #expect(FileManager.default.fileExists(atPath: folder.path("one.safetensors")))
        #expect(!FileManager.default.fileExists(atPath: folder.path("two.safetensors")))
        let same = try await train("three.safetensors", checkpoint: "./three.safetensors")
        #expect(same.status != 0 && same.errors.contains("the same file"), "\(same.errors)")
    }

    @Test func `a preset's name goes before a folder of that name, and a folder is no recipe`() async throws {
        let folder = try TemporaryFolder()
        _ = try await Program.run("phantom", "--size", "8,16,16", "--channels", "1", "--out", folder.path("fast"))
        func train(_ recipe: String) async throws -> Program.Outcome {
            try await Program.run(
                [
                    "train", "--image", "fast/image.nii.gz", "--labels", "fast/sparse.nii.gz", "--out",
                    "model.safetensors", "--recipe", recipe, "--steps", "1", "--threads", "1",
                ], in: folder.url)
        }
        let named = try await train("fast")
        #expect(named.status == 0, "\(named.errors)")
        let refused = try await train("fast/slices")
        #expect(refused.status == 1)
        #expect(refused.errors.contains("fast/slices: is a folder"))
    }

    @Test func `masks of 0 and 255 are refused until --values says what they are`() async throws {
        let folder = try TemporaryFolder()
        _ = try await Program.run("phantom", "--size", "8,16,16", "--channels", "1", "--out", folder.url.path)
        let mask = folder.path("mask.npy")
        let values = (0..<8 * 16 * 16).map { UInt8($0 % 4 == 0 ? 255 : 0) }
        try (NumPyFile.header(type: "|u1", z: 8, y: 16, x: 16) + Data(values)).write(to: URL(filePath: mask))
        let refused = try await Program.run("evaluate", "--prediction", mask, "--truth", mask)
        #expect(refused.status != 0)
        #expect(refused.errors.contains("--values \"0:0,255:1\"") && refused.errors.contains("255:unlabeled"))
        let full = folder.path("full.npy")
        try (NumPyFile.header(type: "|u1", z: 8, y: 16, x: 16) + Data(repeating: 255, count: values.count))
            .write(to: URL(filePath: full))
        let silent = try await Program.run("evaluate", "--prediction", full, "--truth", full)
        #expect(silent.status != 0 && silent.errors.contains("--values \"255:1\""), "\(silent.errors)")
        let scored = try await Program.run("evaluate", "--prediction", mask, "--truth", mask, "--values", "0:0,255:1")
        #expect(scored.status == 0, "\(scored.errors)")
        #expect(scored.output.contains("class1") && scored.output.contains("over 2048 voxels"))
        let image = folder.path("image.nii.gz")
        let training = [
            "train", "--image", image, "--labels", mask, "--out", folder.path("m"), "--steps", "1", "--recipe", "fast",
        ]
        let untrained = try await Program.run(training, in: folder.url)
        #expect(untrained.status != 0 && untrained.errors.contains("0 and 255"))
        let named = try await Program.run(
            training + ["--classes", "out", "in", "--values", "0:out,255:in", "--threads", "1"], in: folder.url)
        #expect(named.status == 0, "\(named.errors)")
    }

    @Test func `a perfect segmentation has IoU 1`() async throws {
        let folder = try TemporaryFolder()
        _ = try await Program.run("phantom", "--size", "8,16,16", "--out", folder.url.path)
        let truth = folder.path("label.nii.gz")
        let outcome = try await Program.run(
            "evaluate", "--prediction", truth, "--truth", truth, "--classes", "in", "on", "off")
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("mean IoU 1.000 over 2048 voxels"))
        #expect(outcome.output.contains("off"))
        let more = try await Program.run(
            "evaluate", "--prediction", truth, "--truth", truth, "--classes", "in", "on", "off", "absent", "--json")
        #expect(more.status == 0)
        #expect(more.output.contains(#""name" : "absent""#) && more.output.contains("neither the truth nor"))
    }

    /// An NRRD file of 2×2×4 bytes whose x runs to the left, or to the right over the same places.
    private func nrrd(
        _ folder: TemporaryFolder, _ name: String, step: Int, origin: Int, _ values: [UInt8], columns: Int = 4
    ) throws {
        let header =
            "NRRD0004\ntype: uint8\ndimension: 3\nsizes: \(columns) 2 2\nencoding: raw\nspace: LPS\n"
            + "space directions: (\(step),0,0) (0,1,0) (0,0,2)\nspace origin: (\(origin),0,0)\n\n"
        _ = try folder.file(name, Array(header.utf8) + values)
    }

    @Test func `a truth that is a part of the grid is compared there, and colours need their meaning`() async throws {
        let folder = try TemporaryFolder()
        let rows: [[UInt8]] = [[0, 1, 1, 1], [0, 0, 0, 1], [0, 1, 0, 1], [1, 1, 0, 1]]
        try nrrd(folder, "a.nrrd", step: 1, origin: 0, rows.flatMap(\.self))
        try nrrd(folder, "part.nrrd", step: -1, origin: 2, rows.flatMap { $0[1...2].reversed() }, columns: 2)
        let part = try await Program.run(
            ["evaluate", "--prediction", "a.nrrd", "--truth", "part.nrrd"], in: folder.url)
        #expect(part.output.contains("mean IoU 1.000 over 8 voxels"), "\(part.errors)")
        #expect(part.errors.contains("the 8 voxels outside of it are unlabeled"))
        try nrrd(folder, "off.nrrd", step: 1, origin: 3, rows.flatMap { $0[1...2] }, columns: 2)
        let off = try await Program.run(["evaluate", "--prediction", "a.nrrd", "--truth", "off.nrrd"], in: folder.url)
        #expect(off.status == 1 && off.errors.contains("off.nrrd has 2×2×2 voxels (z×y×x), the volume 2×2×4"))
        let colors = rows.flatMap(\.self).flatMap { $0 == 0 ? [0, 0, 0] : [255, 0, 0] as [UInt8] }
        let head = "NRRD0004\ntype: uint8\ndimension: 4\nsizes: 3 4 2 2\nkinds: RGB-color space space space\n"
        _ = try folder.file("rgb.nrrd", Array((head + "encoding: raw\n\n").utf8) + colors)
        let call = ["evaluate", "--prediction", "a.nrrd", "--truth", "rgb.nrrd"]
        let refused = try await Program.run(call, in: folder.url)
        #expect(refused.status == 1 && refused.errors.contains("#ff0000:1"), "\(refused.errors)")
        let named = try await Program.run(call + ["--values", "#000000:0,#ff0000:1,0:0,1:1"], in: folder.url)
        #expect(named.output.contains("mean IoU 1.000 over 16 voxels"), "\(named.errors)")
    }

    @Test func `labels in a dataset of HDF5 are compared, and one of several is named`() async throws {
        let folder = try TemporaryFolder()
        let file = TestFiles.fuzz.appending(path: "Corpus/hdf5/others.h5").path
        let call = ["evaluate", "--prediction", file, "--truth", file]
        let mask = try await Program.run(call + ["--label-dataset", "mask"], in: folder.url)
        #expect(mask.output.contains("mean IoU 1.000 over 210 voxels"), "\(mask.errors)")
        let several = try await Program.run(call, in: folder.url)
        #expect(several.status == 1 && several.errors.contains("/mask (5 × 7 × 6 uint8)"), "\(several.errors)")
    }

    @Test func `files in another order of voxels are compared and learned from place by place`() async throws {
        let folder = try TemporaryFolder()
        let rows: [[UInt8]] = [[0, 1, 1, 1], [0, 0, 0, 1], [0, 1, 0, 1], [1, 1, 0, 1]]
        try nrrd(folder, "a.nrrd", step: 1, origin: 0, rows.flatMap(\.self))
        try nrrd(folder, "b.nrrd", step: -1, origin: 3, rows.flatMap { $0.reversed() })
        try nrrd(folder, "c.nrrd", step: -1, origin: 5, rows.flatMap { $0.reversed() })
        func evaluate(_ truth: String, _ more: String...) async throws -> Program.Outcome {
            try await Program.run(
                ["evaluate", "--prediction", "a.nrrd", "--truth", truth, "--labels"] + [truth] + more, in: folder.url)
        }
        let same = try await Program.run(["evaluate", "--prediction", "a.nrrd", "--truth", "b.nrrd"], in: folder.url)
        #expect(same.output.contains("mean IoU 1.000 over 16 voxels"), "\(same.errors)")
        let elsewhere = try await evaluate("c.nrrd")
        #expect(elsewhere.status == 1)
        #expect(elsewhere.errors.contains("c.nrrd: the file's voxels are not where the volume's are"))
        #expect(elsewhere.errors.contains("--ignore-place"))
        let insisted = try await Program.run(
            ["evaluate", "--prediction", "a.nrrd", "--truth", "c.nrrd", "--ignore-place"], in: folder.url)
        #expect(insisted.output.contains("mean IoU 0."))
        for command in ["train", "experiment slices"] {
            let refused = try await Program.run(
                command.split(separator: " ").map(String.init) + [
                    "--image", "a.nrrd", "--labels", "c.nrrd", "--out", "o", "--spacing", "1,2,3",
                ], in: folder.url)
            #expect(refused.status == 1)
            #expect(refused.errors.contains("c.nrrd: the file's voxels are not where"), "\(command)")
            #expect(refused.output.contains("a.nrrd: takes the spacing 1.0,2.0,3.0, not the file's 2.0,1.0,1.0"))
        }
    }

    @Test(
        arguments: [
            (
                ["train", "--image", "a.nii", "--labels", "b.nii", "c.nii", "--out", "m"], 64,
                "1 images and 2 label volumes"
            ),
            (["train", "--image", "a.nii", "--labels", "b.nii", "--out", "m"], 1, "a.nii: there is no such file"),
            (["predict", "--model", "m", "--image", "a.nii", "--out", "o.nii"], 1, "m: there is no such file"),
            (
                ["train", "--image", "a.nii", "--labels", "b.nii", "--out", "nope/m.st"], 1,
                "nope/m.st: there is no folder"
            ),
            (["train", "--image", "a.nii", "--labels", "b.nii", "--out", "."], 1, ".: is a folder"),
            (
                ["predict", "--model", "m", "--image", "a.nii", "--out", "o.nii", "--uncertainty", "nope/u.nii"], 1,
                "nope/u.nii: there is no folder"
            ),
            (["export", "--model", "m", "--format", "onnx", "--out", "o.onnx"], 1, "m: there is no such file"),
            (["export", "--model", "m", "--format", "safetensors", "--out", "o"], 64, "onnx or bioimageio"),
            (["export", "--model", "m", "--format", "onnx", "--license", "MIT", "--out", "o"], 64, "--license"),
            (["evaluate", "--prediction", "p.nii", "--truth", "t.nii"], 1, "p.nii: there is no such file"),
            (["phantom", "--size", "8,8,8", "--out", "/dev/null/o"], 1, "/dev/null/o: is not a folder"),
            (["phantom", "--size", "8,8", "--out", "o"], 64, "--size"),
            (["phantom", "--size", "8,8,0", "--out", "o"], 64, "--size"),
            (["phantom", "--size", "8,8,8", "--slices", "9", "--out", "o"], 64, "--slices"),
            (["bench", "--precision", "f16"], 64, "f16"),
            (["experiment", "slices", "--out", "o"], 64, "--phantoms"),
            (["experiment", "slices", "--phantoms", "1", "--counts", "1,1", "--out", "o"], 64, "--counts"),
            (["experiment", "transfer", "--phantoms", "1", "--scale", "0.05", "--out", "o"], 1, "too few"),
            (["experiment", "slices", "--phantoms", "1", "--out", "/dev/null/o"], 1, "/dev/null/o: is not a folder"),
            (
                ["experiment", "slices", "--phantoms", "1", "--recipe", #"{"base":"#, "--out", "o"], 1,
                "recipe: is not JSON"
            ),
            (
                ["experiment", "slices", "--phantoms", "1", "--recipe", "nofile.json", "--out", "o"], 1,
                "nofile.json: is neither a preset"
            ),
            (["experiment", "crossvalidate", "--phantoms", "1", "--variants", "{}", "--out", "o"], 64, "--variants"),
        ] as [([String], Int32, String)])
    func `what is wrong is said in a line`(arguments: [String], status: Int32, words: String) async throws {
        let folder = try TemporaryFolder()
        let outcome = try await Program.run(arguments, in: folder.url)
        #expect(outcome.status == status)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains(words))
    }

    @Test(arguments: ["f32", "bf16"]) func `bench prints what the contract names`(precision: String) async throws {
        let outcome = try await Program.run(
            "bench", "--base", "8", "--levels", "2", "--patch", "16", "--channels", "1", "--runs", "1", "--json",
            "--precision", precision)
        #expect(outcome.status == 0)
        let rows = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]])
        #expect(rows.map { $0["pass"] as? String } == ["train", "infer"])
        #expect(rows.map { $0["precision"] as? String } == [precision, "f32"])
        let names = [
            "base", "levels", "patch", "channels", "padding", "precision", "pass", "median_s", "min_s", "peak_bytes",
        ]
        for row in rows { #expect(Set(row.keys) == Set(names)) }
    }
}
