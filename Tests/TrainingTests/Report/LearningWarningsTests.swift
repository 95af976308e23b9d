import Foundation
import Testing
import Training
import Volumes

@Suite struct LearningWarningsTests {
    @Test func `a prediction that does not know its own slices is warned of`() {
        #expect(LearningWarnings.of(0.31, on: "the slices of v")?.contains("mean IoU 0.31") == true)
        #expect(LearningWarnings.of(0.8, on: "the slices of v") == nil)
        #expect(LearningWarnings.of(nil, on: "the slices of v") == nil)
    }

    private func warning(
        _ losses: [Double], seconds: Double = 60, others: Double = 0, isNew: Bool = false
    ) -> String? {
        LearningWarnings.of(
            losses: losses, steps: losses.count, seconds: seconds, budget: Budget(seconds: seconds), others: others,
            isNew: isNew)
    }

    @Test func `few steps are warned of with their number and pace, or what kept the cores busy`() throws {
        let falling = (0..<60).map { 2 - 0.03 * Double($0) }
        #expect(
            warning(falling)?.hasPrefix("60 steps in 60 s: a step takes 1.0 seconds here; the loss was still") == true)
        let flat = [Double](repeating: 0.2, count: 60)
        #expect(warning(flat) == nil)
        #expect(warning(Array(flat.prefix(27)), isNew: true)?.hasPrefix("27 steps in 60 s: a step takes 2.2") == true)
        #expect(warning(Array(flat.prefix(27))) == nil)
        let crowded = try #require(warning(Array(flat.prefix(27)), others: 0.7, isNew: true))
        #expect(crowded.hasPrefix("27 steps in 60 s: other programs used 70 % of the cores; a new network needs"))
    }

    private func volume(_ spacing: Spacing, name: String = "v") throws -> TrainingVolume {
        let image = try Fixtures.volume(Extent(z: 4, y: 4, x: 4), spacing: spacing) { _, voxel in UInt8(voxel.x) }
        return TrainingVolume(name: name, image: image, statistics: try ChannelStatistics.measure(image), slices: [])
    }

    @Test func `voxels of unlike size are warned of with their sizes`() throws {
        let own = Preset.default.recipe
        let fine = try volume(Spacing(z: 2, y: 0.5, x: 0.5, unit: "micrometer"), name: "fine")
        let same = try volume(Spacing(z: 0.002, y: 0.0005, x: 0.0005, unit: "millimeter"))
        let coarse = try volume(Spacing(z: 2, y: 1, x: 1, unit: "micrometer"), name: "coarse")
        #expect(VolumeWarnings.of([fine, same], for: own) == [])
        let found = VolumeWarnings.of([fine, coarse], for: own)
        #expect(found.count == 1)
        #expect(found[0].contains("fine 2.0×0.5×0.5 micrometer, coarse 2.0×1.0×1.0 micrometer"))
        let common = try Recipe(json: Data(#"{"spacing":"common"}"#.utf8))
        #expect(VolumeWarnings.of([fine, coarse], for: common) == [], "the network sees them alike")
    }
}
