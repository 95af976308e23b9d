import Testing
import Training
import Volumes

/// Patches whose shape follows the slice that they are drawn for, and where they may lie.
extension PatchSamplerTests {
    /// A sampler of slices on all axes, whose patches are thin along them.
    private func thinSampler() throws -> (sampler: PatchSampler, slabs: [Axis: Extent]) {
        let extent = Extent(z: 20, y: 24, x: 28)
        let slabs = Dictionary(
            uniqueKeysWithValues: Axis.allCases.map { axis in
                var slab = Extent(z: 12, y: 12, x: 12)
                slab[axis] = 4
                return (axis, slab)
            })
        let truth = try Fixtures.volume(extent) { _, voxel in UInt8(voxel.z / 10) }
        let sampler = try PatchSampler(
            [
                TrainingVolume(
                    name: "a", image: truth, statistics: try ChannelStatistics.measure(truth),
                    slices: try Fixtures.slices(1, of: truth))
            ], classes: 2, image: Extent(z: 8, y: 8, x: 8), labels: Extent(z: 8, y: 8, x: 8), augmentation: plain,
            slabs: slabs)
        return (sampler, slabs)
    }

    @Test func `patches are thin along the normal of the slice they are drawn for`() throws {
        let (sampler, slabs) = try thinSampler()
        var random = Random(seed: 4)
        var seen: Set<Extent> = []
        for _ in 0..<30 {
            let batch = try sampler.batch(of: 2, using: &random)
            seen.insert(batch.shape.image)
            #expect(batch.images.count == 2 * 576 && batch.labels.count == 2 * 576)
            #expect(batch.labels.contains { $0 != AnnotatedSlice.unlabeled })
        }
        #expect(seen == Set(slabs.values))
    }

    @Test func `a queue that follows another one gives batches of the same shapes, but of patches of its own`() throws {
        let (sampler, slabs) = try thinSampler()
        let leading = PatchQueue(sampler, batch: 2, random: Random(seed: 1))
        let following = PatchQueue(sampler, batch: 2, random: Random(seed: 2), leader: Random(seed: 1))
        var seen: Set<Extent> = []
        var others = 0
        for _ in 0..<30 {
            let (one, other) = (try leading.next(), try following.next())
            #expect(one.shape == other.shape)
            if one.images != other.images { others += 1 }
            seen.insert(other.shape.image)
        }
        // Some look alike, as the volume is of two values.
        #expect(others > 15)
        #expect(seen == Set(slabs.values))
    }

    @Test func `the labels about a slice are those of its patch, unless the slice is near the edge`() throws {
        let extent = Extent(z: 24, y: 24, x: 24)
        let truth = try Fixtures.volume(extent) { _, voxel in UInt8((voxel.z + voxel.y + voxel.x) % 2) }
        let patch = Extent(z: 12, y: 12, x: 12), band = Extent(z: 4, y: 12, x: 12)
        let statistics = try ChannelStatistics.measure(truth)
        func sampler(_ index: Int) throws -> PatchSampler {
            try PatchSampler(
                [
                    TrainingVolume(
                        name: "a", image: truth, statistics: statistics, slices: [Fixtures.slice(.z, index, of: truth)])
                ], classes: 2, image: patch, labels: patch, augmentation: plain, bands: [.z: 4])
        }
        var random = Random(seed: 3)
        let inner = try sampler(12), outer = try sampler(1)
        #expect(inner.shapes().keys.map(\.labels) == [band])
        #expect(outer.shapes().keys.map(\.labels) == [patch])
        for _ in 0..<20 {
            let draw = inner.draw(using: &random)
            #expect(draw.known.extent == band && draw.known.origin.z == draw.box.origin.z + 4)
            #expect((1...2).contains(12 - draw.known.origin.z))
            let batch = try inner.batch(of: 2, using: &random)
            #expect(batch.shape.image == patch && batch.shape.labels == band)
            #expect(batch.labels.count == 2 * band.voxels)
            #expect(batch.labels.count { $0 != AnnotatedSlice.unlabeled } == 2 * 144)
            let whole = outer.draw(using: &random)
            #expect(whole.known == whole.box)
        }
    }

    @Test func `patches hang over the volume's edges as far as they may, and no further`() throws {
        let (sampler, image, slices) = try sampler(
            Extent(z: 8, y: 24, x: 6), patch: Extent(z: 8, y: 8, x: 8), overhang: 0.25)
        let labels = SparseLabels(of: image.header, slices: slices)
        var random = Random(seed: 8)
        var origins: [Axis: Set<Int>] = [:]
        for _ in 0..<2000 {
            let draw = sampler.draw(using: &random)
            let target = Box(origin: draw.target, extent: Extent(z: 1, y: 1, x: 1))
            #expect(draw.box.contains(target))
            #expect(try labels.labels(target)[0] != AnnotatedSlice.unlabeled)
            for axis in Axis.allCases { origins[axis, default: []].insert(draw.box.origin[axis]) }
        }
        // Two voxels on either side of where it may lie anyway: at 0, from 0 to 16, and at −1.
        #expect(origins[.z] == Set(-2...2))
        #expect(origins[.y] == Set(-2...18))
        #expect(origins[.x] == Set(-3...1))
    }
}
