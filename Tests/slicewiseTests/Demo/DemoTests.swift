import Foundation
import TestSupport
import Testing

@Suite struct DemoTests {
    @Test func `the demonstration ends with a table, volumes and pictures`() async throws {
        let folder = try TemporaryFolder()
        let outcome = try await Program.run(
            "demo", "--size", "16,32,32", "--seconds", "1", "--slices", "1,2", "--recipe", "fast", "--out",
            folder.path("demo"))
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("mean IoU"))
        #expect(outcome.output.contains("inside tubule"))
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path("demo"))
        for name in ["image.nii.gz", "truth.nii.gz", "prediction.nii.gz", "overview.png"] {
            #expect(files.contains(name))
        }
        #expect(files.count { $0.hasSuffix(".png") } == 4)
        #expect(!outcome.errors.contains("\u{1b}"), "escape codes went to what is no terminal")
    }
}
