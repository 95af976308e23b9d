import Foundation
import Network
import Tensors
import Testing
import Training
import Volumes

@Suite(.serialized) struct IntensityScalingTests {
    /// A bright ball of 12×32×32 voxels as in a CT image, with what `change` makes of it.
    private func ball(_ change: (Voxel, Float) -> Float = { $1 }) throws -> (
        image: InMemoryVolume, truth: InMemoryVolume
    ) {
        let extent = Extent(z: 12, y: 32, x: 32)
        var random = Random(seed: 2)
        let truth = try Fixtures.volume(extent) { _, voxel in
            let (z, y, x) = (voxel.z - 6, voxel.y - 16, voxel.x - 16)
            return 4 * z * z + y * y + x * x < 100 ? 1 : 0
        }
        var values: [Float] = []
        for (place, label) in truth.bytes.enumerated() {
            let voxel = Voxel(z: place / 1024, y: place / 32 % 32, x: place % 32)
            values.append(change(voxel, -30 + 80 * Float(label) + 5 * Float(random.normal())))
        }
        let header = VolumeHeader(extent: extent, element: .float32)
        return (try InMemoryVolume(header: header, values: values), truth)
    }

    private func train(
        _ image: InMemoryVolume, _ truth: InMemoryVolume, _ recipe: String, steps: Int = 60
    ) throws -> (result: TrainingResult, meanIoU: Double) {
        let statistics = try ChannelStatistics.measure(image)
        let volume = TrainingVolume(
            name: "ball", image: image, statistics: statistics, slices: try Fixtures.slices(1, of: truth))
        let trainer = try Trainer(
            volumes: [volume], classes: ["ground", "ball"], recipe: try Recipe(json: Data(recipe.utf8)),
            budget: Budget(steps: steps), engine: Engine())
        let result = try trainer.run { _ in .proceed }
        let predictor = try Predictor(model: result.checkpoint, recipe: result.recipe, engine: Engine())
        var matrix = ConfusionMatrix(classes: 2)
        _ = try predictor.predict(image, statistics: statistics) { box, labels, _ in
            for (place, value) in try truth.raw(box).enumerated() {
                matrix.count(truth: value, prediction: labels[place])
            }
        }
        return (result, matrix.meanIoU ?? 0)
    }

    private static let small = #"{"base":8,"levels":2"#

    @Test func `rows of padding and a spike cost nothing`() throws {
        let (image, truth) = try ball()
        let usual = try train(image, truth, Self.small + "}")
        #expect(usual.meanIoU > 0.9)
        for value in [-2000, 1e6] as [Float] {
            let (padded, _) = try ball { voxel, old in voxel.y < 2 ? value : old }
            let found = try train(padded, truth, Self.small + "}")
            #expect(found.meanIoU > usual.meanIoU - 0.03)
            #expect(!found.result.warnings.contains { $0.contains("slices that it learned from") })
        }
        let (spiked, _) = try ball { voxel, old in voxel == Voxel(z: 3, y: 4, x: 5) ? 1e9 : old }
        #expect(try train(spiked, truth, Self.small + "}").meanIoU > usual.meanIoU - 0.03)
    }

    @Test func `a model that does not know what it learned from says so`() throws {
        let (padded, truth) = try ball { voxel, old in voxel.y < 2 ? -2000 : old }
        // The labels are noise: nothing in the image tells them.
        var random = Random(seed: 9)
        let noise = try Fixtures.volume(truth.header.extent) { _, _ in UInt8.random(in: 0..<2, using: &random) }
        let found = try train(padded, noise, Self.small + "}", steps: 30)
        #expect(found.result.warnings.contains { $0.contains("does not reproduce the slices") })
    }

    @Test func `voxels that are no numbers count as unlabeled`() throws {
        let (image, truth) = try ball { voxel, old in voxel.x == 16 ? .nan : old }
        let statistics = try ChannelStatistics.measure(image)
        #expect(statistics[0].nonFinite == 12 * 32)
        let slices = try Fixtures.slices(1, of: truth).unlabeled(whereNotFinite: image)
        #expect(slices.count == 3)
        for slice in slices {
            let expected = slice.axis == .x ? 12 * 32 : slice.axis == .z ? 32 : 12
            #expect(slice.values.count { $0 == AnnotatedSlice.unlabeled } == expected)
        }
        #expect(try train(image, truth, Self.small + "}", steps: 20).result.steps == 20)
    }

    @Test func `nothing is learned from a volume without contrast`() throws {
        let (image, truth) = try ball { _, _ in 5 }
        #expect(
            throws: TrainingError.nothingToLearn(
                "In the volume \"ball\" every voxel has the same value, 5.0, so nothing can be learned from it.")
        ) { try train(image, truth, Self.small + "}", steps: 2) }
        let (empty, _) = try ball { _, _ in .nan }
        #expect(throws: TrainingError.self) { try train(empty, truth, Self.small + "}", steps: 2) }
    }

    @Test func `a stored recipe from before keeps its scaling, a new one is typical`() throws {
        #expect(try Recipe(json: Data(#"{"base":16}"#.utf8)).intensities == .typical)
        #expect(try Recipe(stored: Data(#"{"base":16}"#.utf8)).intensities == .all)
        let kept = try Recipe(stored: JSONEncoder().encode(Preset.default.recipe))
        #expect(kept.intensities == .typical)
        // As before: by mean and deviation of all voxels.
        let (image, _) = try ball { voxel, old in voxel.y < 2 ? -2000 : old }
        let statistics = try ChannelStatistics.measure(image)
        let reader = try IntensityReader(image, statistics: statistics, scaling: .all)
        let box = Box(origin: Voxel(z: 0, y: 0, x: 0), extent: Extent(z: 1, y: 3, x: 1))
        var values = [Float](repeating: 0, count: 3)
        try values.withUnsafeMutableBufferPointer { try reader.read(box, into: $0) }
        let old = try image.floats(box).map { ($0 - Float(statistics[0].mean)) * Float(1 / statistics[0].deviation) }
        #expect(values == old)
    }
}
