import Foundation
import Testing
import Training
import Volumes

/// Which axes `augmentation.transpose` exchanges.
@Suite struct TransposeTests {
    /// What a recipe resolves to for a volume of an extent and a spacing.
    private func axes(
        _ z: Int, _ y: Int, _ x: Int, spacing: Spacing = Spacing(z: 1, y: 1, x: 1), by json: String = "{}"
    ) throws -> [Axis]? {
        let extent = Extent(z: z, y: y, x: x)
        let header = VolumeHeader(channels: 1, extent: extent, element: .uint8, spacing: spacing)
        return try Recipe(json: Data(json.utf8)).resolved(for: [header], classes: 2).augmentation.transpose.value
    }

    @Test func `auto exchanges axes of equal spacing`() throws {
        #expect(try axes(100, 100, 100) == Axis.allCases)
        #expect(try axes(48, 192, 192) == Axis.allCases)
        #expect(try axes(100, 100, 100, spacing: Spacing(z: 0.28, y: 0.127, x: 0.127)) == [.y, .x])
        #expect(try axes(100, 100, 100, spacing: Spacing(z: 1, y: 1, x: 1.05)) == Axis.allCases)
        #expect(try axes(100, 100, 100, spacing: Spacing(z: 1, y: 2, x: 1)) == [.z, .x])
        #expect(try axes(100, 100, 100, spacing: Spacing(z: 1, y: 1.3, x: 1.6)) == [])
        #expect(try axes(100, 100, 100, by: #""fast""#) == Axis.allCases)
    }

    @Test func `auto leaves flat axes, unmirrored ones, and volumes that a patch holds whole`() throws {
        #expect(try axes(20, 256, 256) == [.y, .x])
        #expect(try axes(1, 256, 256) == [.y, .x])
        #expect(try axes(100, 100, 100, by: #"{"augmentation":{"mirror":["z","x"]}}"#) == [.z, .x])
        #expect(try axes(100, 100, 100, by: #"{"augmentation":{"mirror":[]}}"#) == [])
        #expect(try axes(35, 51, 35) == [])
        #expect(try axes(300, 300, 300, by: #""paper""#) == [])
    }

    @Test func `a network of two dimensions exchanges the axes of the planes that it sees`() throws {
        let flat = #"{"dimensions":2}"#, all = #"{"dimensions":2,"sampling":{"planes":"all"}}"#
        let steep = Spacing(z: 2, y: 1, x: 1)
        #expect(try axes(20, 256, 256, spacing: steep, by: flat) == [.y, .x])
        #expect(try axes(256, 256, 256, by: all) == [.y, .x])
        #expect(try axes(256, 256, 256, spacing: steep, by: all) == [])
    }

    @Test func `axes that the network does not treat alike are refused`() throws {
        #expect(try axes(35, 51, 35, by: #"{"augmentation":{"transpose":["z","y"]}}"#) == [.z, .y])
        for recipe in [
            #"{"pooling":[[1,2,2]],"kernels":"uniform","levels":2,"augmentation":{"transpose":["z","y"]}}"#,
            #"{"pooling":"uniform","kernels":[[1,3,3],[3,3,3]],"levels":2,"augmentation":{"transpose":["z","y"]}}"#,
            #"{"dimensions":2,"augmentation":{"transpose":["z","y"]}}"#,
        ] {
            let error = #expect(throws: TrainingError.self) { try axes(64, 64, 64, by: recipe) }
            guard case .invalid("augmentation.transpose", _) = error else {
                Issue.record("another error: \(String(describing: error))")
                continue
            }
        }
    }

    @Test func `a stored recipe from before exchanges nothing, a new one what it says`() throws {
        let old = Data(#"{"augmentation":{"mirror":"auto"}}"#.utf8)
        #expect(try Recipe(stored: old).augmentation.transpose == .fixed([]))
        #expect(try Recipe(json: old).augmentation.transpose == .auto)
        let kept = try Recipe(stored: JSONEncoder().encode(Preset.default.recipe))
        #expect(kept.augmentation.transpose == .auto)
    }
}
