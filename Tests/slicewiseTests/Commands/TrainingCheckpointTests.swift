import Foundation
import TestSupport
import Testing

/// `train --checkpoint`: what an interrupted training goes on with.
@Suite struct TrainingCheckpointTests {
    private let folder: TemporaryFolder
    private var kept: String { folder.path("kept.safetensors") }

    init() async throws {
        folder = try TemporaryFolder()
        for (name, seed) in [("a", "1"), ("b", "2")] {
            _ = try await Program.run(
                "phantom", "--size", "8,16,16", "--channels", "1", "--seed", seed, "--out", folder.path(name))
        }
    }

    private func arguments(
        _ images: [String] = ["a/image"], _ labels: [String] = ["a/sparse"], steps: Int = 100_000, base: Int = 2,
        more: String...
    ) -> [String] {
        ["train", "--image"] + images.map { folder.path($0 + ".nii.gz") } + ["--labels"]
            + labels.map { folder.path($0 + ".nii.gz") } + [
                "--out", folder.path("model.safetensors"), "--checkpoint", kept, "--recipe",
                "{\"base\":\(base),\"levels\":2}", "--steps", "\(steps)", "--threads", "1",
            ] + more
    }

    /// Starts a training, interrupts it as Ctrl-C does once it has made a step, and returns what it said.
    private func interrupt(_ arguments: [String]) async throws -> String {
        let process = try Program.process(arguments, [:], nil)
        let errors = Pipe()
        process.standardOutput = FileHandle.nullDevice
        process.standardError = errors
        try process.run()
        return await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                var text = Data()
                var isAsked = false
                while true {
                    let chunk = errors.fileHandleForReading.availableData
                    if chunk.isEmpty { break }
                    text += chunk
                    guard !isAsked, String(decoding: text, as: UTF8.self).contains("loss") else { continue }
                    kill(process.processIdentifier, SIGINT)
                    isAsked = true
                }
                process.waitUntilExit()
                continuation.resume(returning: String(decoding: text, as: UTF8.self))
            }
        }
    }

    private func refusal(_ arguments: [String]) async throws -> String {
        let outcome = try await Program.run(arguments)
        #expect(outcome.status == 1, "\(outcome.errors)")
        return outcome.errors
    }

    @Test func `an interrupted training goes on with what it learned from, wherever that lies`() async throws {
        #expect(try await interrupt(arguments()).contains("wrote"))
        try FileManager.default.moveItem(atPath: folder.path("a"), toPath: folder.path("c"))
        let said = try await interrupt(arguments(["c/image"], ["c/sparse"]))
        #expect(said.contains("going on from step"), "\(said)")
    }

    @Test func `a checkpoint is refused with anything else, and what is else is said`() async throws {
        #expect(try await interrupt(arguments()).contains("wrote"))
        let before = try Data(contentsOf: URL(filePath: kept))
        try FileManager.default.copyItem(atPath: folder.path("model.safetensors"), toPath: folder.path("other"))
        _ = try await Program.run("phantom", "--size", "8,16,20", "--channels", "1", "--out", folder.path("wide"))
        let cases: [(arguments: [String], expected: String)] = [
            (arguments(["b/image"]), "b/image.nii.gz has other voxels"),
            (arguments(["a/image"], ["b/sparse"]), "b/sparse.nii.gz has other labels"),
            (
                arguments(["wide/image"], ["wide/sparse"]),
                "it has an image of 1×8×16×16 voxels (c×z×y×x) of uint16, not 1×8×16×20"
            ),
            (arguments(["a/image", "b/image"], ["a/sparse", "b/sparse"]), "it learns from 1 image, not 2"),
            (arguments(more: "--spacing", "2,1,1"), "a/image.nii.gz was"),
            (arguments(more: "--from", folder.path("other")), "it started from random weights, not that of --from"),
            (arguments(more: "--seed", "5"), "its recipe has another \"seed\""),
            (arguments(base: 4), "its recipe has another \"base\""),
            (arguments(steps: 99_999), "its budget is 100000 steps"),
            (arguments(more: "--classes", "x", "y", "z"), "its classes are class0, class1, class2"),
        ]
        for (arguments, expected) in cases {
            let said = try await refusal(arguments)
            #expect(said.contains("kept.safetensors is the checkpoint of another training: "), "\(said)")
            #expect(said.contains(expected), "\(said)")
            #expect(said.contains("delete it to begin anew"), "\(said)")
        }
        #expect(try Data(contentsOf: URL(filePath: kept)) == before)
    }

    @Test func `a checkpoint that does not say what it learned from is refused`() async throws {
        #expect(try await interrupt(arguments()).contains("wrote"))
        var content = try Data(contentsOf: URL(filePath: kept))
        let key = try #require(content.range(of: Data("user.training_data".utf8)))
        content.replaceSubrange(key, with: Data("user.training_past".utf8))
        try content.write(to: URL(filePath: kept))
        #expect(try await refusal(arguments()).contains("does not say what it has learned from"))
    }
}
