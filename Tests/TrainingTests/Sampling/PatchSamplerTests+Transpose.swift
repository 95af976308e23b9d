import Testing
import Training
import Volumes

/// Patches whose axes are exchanged.
extension PatchSamplerTests {
    /// A sampler of slices on all axes of a volume, whose patches are four voxels thin along them.
    private func sampler(_ extent: Extent, slabs: [Axis: Extent], exchanging axes: [Axis]) throws -> PatchSampler {
        let truth = try Fixtures.volume(extent) { _, voxel in UInt8((voxel.z + voxel.y + voxel.x) % 2) }
        var augmentation = plain
        augmentation.transpose = .fixed(axes)
        let volume = TrainingVolume(
            name: "a", image: truth, statistics: try ChannelStatistics.measure(truth),
            slices: try Fixtures.slices(1, of: truth))
        let patch = Extent(z: 8, y: 8, x: 8)
        return try PatchSampler(
            [volume], classes: 2, image: patch, labels: patch, augmentation: augmentation, slabs: slabs)
    }

    /// The shapes of patches by the axis of the slice that they are drawn for.
    private func shapes(of sampler: PatchSampler) -> [Axis: Set<Extent>] {
        var random = Random(seed: 5)
        var found: [Axis: Set<Extent>] = [:]
        for _ in 0..<600 {
            let draw = sampler.draw(using: &random)
            let extent = draw.box.extent
            found[draw.axis, default: []].insert(
                Extent(z: extent[draw.order[0]], y: extent[draw.order[1]], x: extent[draw.order[2]]))
        }
        return found
    }

    /// Thin patches that differ by the order of their axes alone.
    private var cubes: [Axis: Extent] {
        [.z: Extent(z: 4, y: 12, x: 12), .y: Extent(z: 12, y: 4, x: 12), .x: Extent(z: 12, y: 12, x: 4)]
    }

    @Test func `exchanged axes rearrange image and labels alike, in every channel`() throws {
        let (sampler, image, slices) = try sampler(patch: Extent(z: 4, y: 8, x: 12), channels: 2)
        var random = Random(seed: 7)
        var draw = sampler.draw(using: &random)
        draw.mirrored = [.y]
        draw.order = [.x, .z, .y]
        var values = [Float](repeating: 0, count: 2 * sampler.image.voxels)
        var marks = [UInt8](repeating: 0, count: sampler.labels.voxels)
        try values.withUnsafeMutableBufferPointer { values in
            try marks.withUnsafeMutableBufferPointer { try sampler.render(draw, image: values, labels: $0) }
        }
        let labels = SparseLabels(of: image.header, slices: slices)
        let origin = draw.box.origin
        for first in 0..<12 {
            for second in 0..<4 {
                for third in 0..<8 {
                    let from = Voxel(z: origin.z + second, y: origin.y + 7 - third, x: origin.x + first)
                    let box = Box(origin: from, extent: Extent(z: 1, y: 1, x: 1))
                    let place = (first * 4 + second) * 8 + third
                    #expect(try marks[place] == labels.labels(box)[0])
                    for channel in 0..<2 {
                        let value = try Float(image.raw(box, channel: channel)[0]) / 100
                        #expect(abs(values[channel * 384 + place] - value) < 1e-5)
                    }
                }
            }
        }
    }

    @Test func `slices on any axis are shown along every axis, in patches of as few shapes as without`() throws {
        let extent = Extent(z: 20, y: 24, x: 28)
        let found = shapes(of: try sampler(extent, slabs: cubes, exchanging: Axis.allCases))
        for axis in Axis.allCases { #expect(found[axis] == Set(cubes.values)) }
        let still = shapes(of: try sampler(extent, slabs: cubes, exchanging: []))
        for axis in Axis.allCases { #expect(still[axis] == cubes[axis].map { Set([$0]) }) }
    }

    @Test func `axes that are not named stay where they are`() throws {
        let sampler = try sampler(Extent(z: 20, y: 24, x: 28), slabs: cubes, exchanging: [.x, .y])
        let found = shapes(of: sampler)
        #expect(found[.z] == cubes[.z].map { Set([$0]) })
        #expect(found[.y] == found[.x] && found[.y]?.count == 2)
        var random = Random(seed: 6)
        let orders = Set((0..<100).map { _ in sampler.draw(using: &random).order })
        #expect(orders == [[.z, .y, .x], [.z, .x, .y]])
    }

    @Test func `of two unlike edges within the slice the longer comes last`() throws {
        let slabs = [
            Axis.z: Extent(z: 4, y: 12, x: 12), .y: Extent(z: 8, y: 4, x: 16), .x: Extent(z: 8, y: 16, x: 4),
        ]
        let sampler = try sampler(Extent(z: 8, y: 24, x: 28), slabs: slabs, exchanging: Axis.allCases)
        let found = shapes(of: sampler)
        #expect(found[.z] == Set(cubes.values))
        #expect(found[.y] == [Extent(z: 4, y: 8, x: 16), Extent(z: 8, y: 4, x: 16), Extent(z: 8, y: 16, x: 4)])
        #expect(found[.x] == found[.y])
        #expect(Set(sampler.shapes().keys.map(\.image)) == found.values.reduce(into: []) { $0.formUnion($1) })
        var random = Random(seed: 8)
        for _ in 0..<30 {
            let batch = try sampler.batch(of: 2, using: &random)
            #expect(batch.images.count == 2 * batch.shape.image.voxels)
            #expect(batch.labels.contains { $0 != AnnotatedSlice.unlabeled })
        }
    }
}
