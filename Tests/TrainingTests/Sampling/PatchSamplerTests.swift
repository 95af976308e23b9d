import Foundation
import Testing
import Training
import Volumes

@Suite struct PatchSamplerTests {
    let plain = Fixtures.plain

    /// A volume whose intensities name the voxel and whose class 1 is a small corner.
    func sampler(
        _ extent: Extent = Extent(z: 20, y: 24, x: 28), patch: Extent = Extent(z: 8, y: 8, x: 8),
        augmentation: Augmentation? = nil, channels: Int = 1, overhang: Double = 0
    ) throws -> (PatchSampler, InMemoryVolume, [AnnotatedSlice]) {
        let image = try Fixtures.volume(extent, channels: channels) { channel, voxel in
            UInt8((voxel.z * 7 + voxel.y * 3 + voxel.x + 50 * channel) % 200)
        }
        let truth = try Fixtures.volume(extent) { _, voxel in
            voxel.z + voxel.y + voxel.x > extent.z + extent.y + extent.x - 22 ? 1 : 0
        }
        let slices = try Fixtures.slices(1, of: truth) + [Fixtures.slice(.z, extent.z - 1, of: truth)]
        let statistics = (0..<channels).map { _ in
            ChannelStatistics(mean: 0, deviation: 100, minimum: 0, maximum: 199, low: 0, high: 199)
        }
        let volume = TrainingVolume(name: "a", image: image, statistics: statistics, slices: slices)
        let sampler = try PatchSampler(
            [volume], classes: 3, image: patch, labels: patch, augmentation: augmentation ?? plain,
            sampling: SamplingSettings(rare: 1, shape: .cut, slab: nil, band: nil, overhang: overhang))
        return (sampler, image, slices)
    }

    @Test func `every centre is an annotated voxel within its patch`() throws {
        let (sampler, image, slices) = try sampler()
        let labels = SparseLabels(of: image.header, slices: slices)
        var random = Random(seed: 1)
        for _ in 0..<500 {
            let draw = sampler.draw(using: &random)
            let target = Box(origin: draw.target, extent: Extent(z: 1, y: 1, x: 1))
            #expect(try labels.labels(target)[0] != AnnotatedSlice.unlabeled)
            #expect(draw.box.contains(target))
            #expect(Box(extent: image.header.extent).contains(draw.box))
        }
    }

    @Test func `classes and slices are drawn equally often`() throws {
        let (sampler, image, slices) = try sampler()
        let labels = SparseLabels(of: image.header, slices: slices)
        var random = Random(seed: 2)
        var classes = [0, 0, 0]
        var bySlice = [Int](repeating: 0, count: slices.count)
        for _ in 0..<4000 {
            let position = sampler.index.draw(using: &random)
            let value = try labels.labels(Box(origin: position.voxel, extent: Extent(z: 1, y: 1, x: 1)))[0]
            classes[Int(value)] += 1
            if value == 0 { bySlice[position.slice] += 1 }
        }
        #expect(abs(classes[0] - 2000) < 200)
        #expect(classes[2] == 0)
        #expect(bySlice.allSatisfy { abs($0 - 500) < 120 })
    }

    @Test func `a share of the patches is drawn for slices, any as often as another`() throws {
        let (sampler, _, slices) = try sampler()
        var random = Random(seed: 2)
        var counts = [Int](repeating: 0, count: slices.count)
        for _ in 0..<4000 { counts[sampler.index.draw(rare: 0, using: &random).slice] += 1 }
        #expect(counts.allSatisfy { abs($0 - 4000 / slices.count) < 150 })
    }

    @Test func `a seed decides everything`() throws {
        let augmentation = Augmentation(
            rotation: 20, scale: .init(low: 0.8, high: 1.2), elastic: .init(spacing: 8, sigma: 1), gray: .init(),
            mirror: .auto)
        let (sampler, _, _) = try sampler(augmentation: augmentation)
        var one = Random(seed: 3)
        var same = Random(seed: 3)
        var other = Random(seed: 4)
        let first = try sampler.batch(of: 2, using: &one)
        let second = try sampler.batch(of: 2, using: &same)
        #expect(first.images == second.images && first.labels == second.labels && first.next == second.next)
        #expect(try sampler.batch(of: 2, using: &other).images != first.images)
    }

    @Test func `the queue gives what drawing in order gives`() throws {
        let (sampler, _, _) = try sampler(augmentation: Preset.default.recipe.augmentation)
        let queue = PatchQueue(sampler, batch: 1, random: Random(seed: 5))
        var random = Random(seed: 5)
        for _ in 0..<20 {
            let taken = try queue.next()
            let drawn = try sampler.batch(of: 1, using: &random)
            #expect(taken.images == drawn.images)
            #expect(taken.next == random.state)
        }
    }

    @Test func `the thread that prepares batches has a name for whoever looks at the process`() throws {
        let (sampler, _, _) = try sampler()
        let queue = PatchQueue(sampler, batch: 1, random: Random(seed: 5))
        _ = try queue.next()
        let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")
        #expect(
            threads.contains {
                (try? String(contentsOfFile: "/proc/self/task/\($0)/comm", encoding: .utf8)) == "patches\n"
            })
        withExtendedLifetime(queue) {}
    }

    @Test func `a patch larger than the volume is mirrored and unlabeled outside`() throws {
        let (sampler, _, _) = try sampler(
            Extent(z: 3, y: 9, x: 1), patch: Extent(z: 8, y: 8, x: 4))
        var random = Random(seed: 6)
        let draw = sampler.draw(using: &random)
        #expect(draw.box.origin.z == -2 && draw.box.origin.x == -1)
        var values = [Float](repeating: -1, count: sampler.image.voxels)
        var marks = [UInt8](repeating: 7, count: sampler.labels.voxels)
        try values.withUnsafeMutableBufferPointer { values in
            try marks.withUnsafeMutableBufferPointer { try sampler.render(draw, image: values, labels: $0) }
        }
        let plane = 8 * 4
        // Planes −2 … 5 of a volume of 3 are 2 1 | 0 1 2 | 1 0 1.
        #expect(Array(values[0..<plane]) == Array(values[4 * plane..<5 * plane]))
        #expect(Array(values[plane..<2 * plane]) == Array(values[3 * plane..<4 * plane]))
        #expect(marks[0..<2 * plane].allSatisfy { $0 == AnnotatedSlice.unlabeled })
        #expect(marks.contains { $0 != AnnotatedSlice.unlabeled })
        #expect(stride(from: 0, to: marks.count, by: 4).allSatisfy { marks[$0] == AnnotatedSlice.unlabeled })
    }

    @Test func `mirroring turns image and labels alike, in every channel`() throws {
        let (sampler, image, slices) = try sampler(channels: 3)
        var random = Random(seed: 7)
        var draw = sampler.draw(using: &random)
        draw.mirrored = [.z, .x]
        var values = [Float](repeating: 0, count: 3 * sampler.image.voxels)
        var marks = [UInt8](repeating: 0, count: sampler.labels.voxels)
        try values.withUnsafeMutableBufferPointer { values in
            try marks.withUnsafeMutableBufferPointer { try sampler.render(draw, image: values, labels: $0) }
        }
        let labels = SparseLabels(of: image.header, slices: slices)
        for z in 0..<8 {
            for y in 0..<8 {
                for x in 0..<8 {
                    let from = Voxel(
                        z: draw.box.origin.z + 7 - z, y: draw.box.origin.y + y, x: draw.box.origin.x + 7 - x)
                    let box = Box(origin: from, extent: Extent(z: 1, y: 1, x: 1))
                    let place = (z * 8 + y) * 8 + x
                    #expect(try marks[place] == labels.labels(box)[0])
                    for channel in 0..<3 {
                        let value = try Float(image.raw(box, channel: channel)[0]) / 100
                        #expect(abs(values[channel * 512 + place] - value) < 1e-5)
                    }
                }
            }
        }
    }

    @Test func `turned out of its plane, an annotated slice keeps its voxels and their classes`() throws {
        var turning = plain
        turning.rotation = .fixed(30)
        let extent = Extent(z: 48, y: 48, x: 48)
        // Blocks of eight voxels, annotated on one slice.
        func value(_ voxel: Voxel) -> UInt8 { UInt8((voxel.y / 8 + voxel.x / 8) % 2) }
        let truth = try Fixtures.volume(extent) { _, voxel in value(voxel) }
        let slice = try Fixtures.slice(.z, 24, of: truth)
        let statistics = [ChannelStatistics(mean: 0, deviation: 1, minimum: 0, maximum: 1, low: 0, high: 1)]
        let sampler = try PatchSampler(
            [TrainingVolume(name: "a", image: truth, statistics: statistics, slices: [slice])], classes: 2,
            image: extent, labels: extent, augmentation: turning)
        var random = Random(seed: 13)
        var counts = 0.0, right = 0.0
        let inner = Box(origin: Voxel(z: 0, y: 8, x: 8), extent: Extent(z: 48, y: 32, x: 32))
        for _ in 0..<20 {
            let batch = try sampler.batch(of: 1, using: &random)
            for z in inner.range(.z) {
                for y in inner.range(.y) {
                    for x in inner.range(.x) {
                        let place = (z * 48 + y) * 48 + x
                        guard batch.labels[place] != AnnotatedSlice.unlabeled else { continue }
                        counts += 1
                        right += (batch.images[place] > 0.5) == (batch.labels[place] == 1) ? 1 : 0
                    }
                }
            }
        }
        // A plane through the middle of 32×32 columns crosses 1024 / cos of its slope voxels, 0 … 40 % more.
        #expect(1000...1450 ~= counts / 20)
        #expect(right / counts > 0.97)
    }

    @Test func `noise, blur and sharpening change the image as much as they should, and no label`() throws {
        func deviation(_ more: (inout Augmentation) -> Void) throws -> (Double, [UInt8]) {
            var augmentation = plain
            more(&augmentation)
            let extent = Extent(z: 32, y: 32, x: 32)
            var noise = Random(seed: 3)
            let image = try Fixtures.volume(extent) { _, _ in UInt8(min(max(128 + 30 * noise.normal(), 0), 255)) }
            let slice = AnnotatedSlice(at: SlicePosition(.z, 16), values: [UInt8](repeating: 1, count: 1024))
            let statistics = try ChannelStatistics.measure(image)
            let sampler = try PatchSampler(
                [TrainingVolume(name: "a", image: image, statistics: statistics, slices: [slice])], classes: 2,
                image: extent, labels: extent, augmentation: augmentation)
            var random = Random(seed: 15)
            var sum = 0.0
            var labels: [UInt8] = []
            for _ in 0..<10 {
                let batch = try sampler.batch(of: 1, using: &random)
                sum += batch.images.reduce(0.0) { $0 + Double($1 * $1) } / Double(batch.images.count)
                labels = batch.labels
            }
            return ((sum / 10).squareRoot(), labels)
        }
        let (still, labels) = try deviation { _ in }
        let (noisy, noisyLabels) = try deviation { $0.noise = 1 }
        let (soft, softLabels) = try deviation { $0.blur = 1 }
        let (sharp, _) = try deviation { $0.sharpen = 1 }
        #expect(abs(still - 1) < 0.01)
        // Noise of 0 … 1 deviations: the squares' mean is 1/3, so 1.15 in all, within what ten draws vary.
        #expect(1.05...1.3 ~= noisy)
        #expect(soft < 0.97)
        #expect(sharp > 1.1)
        #expect(labels == noisyLabels && labels == softLabels)
    }

    @Test func `warped labels lie where the warped image says`() throws {
        var bending = plain
        bending.rotation = .fixed(25)
        bending.scale = .fixed(.init(low: 0.8, high: 1.2))
        bending.elastic = .init(spacing: 8, sigma: 1.5)
        let extent = Extent(z: 24, y: 24, x: 24)
        // The image is bright exactly where the class is 1, in broad blocks; all of it is annotated.
        let truth = try Fixtures.volume(extent) { _, voxel in UInt8((voxel.z / 8 + voxel.y / 8 + voxel.x / 8) % 2) }
        let slices = try (0..<24).map { try Fixtures.slice(.z, $0, of: truth) }
        let statistics = [ChannelStatistics(mean: 0, deviation: 1, minimum: 0, maximum: 1, low: 0, high: 1)]
        let sampler = try PatchSampler(
            [TrainingVolume(name: "a", image: truth, statistics: statistics, slices: slices)], classes: 2,
            image: Extent(z: 12, y: 12, x: 12), labels: Extent(z: 12, y: 12, x: 12), augmentation: bending)
        var random = Random(seed: 10)
        for _ in 0..<10 {
            let batch = try sampler.batch(of: 1, using: &random)
            for (place, mark) in batch.labels.enumerated() where mark != AnnotatedSlice.unlabeled {
                if batch.images[place] > 0.9 { #expect(mark == 1) }
                if batch.images[place] < 0.1 { #expect(mark == 0) }
            }
            #expect(batch.labels.contains { $0 != AnnotatedSlice.unlabeled })
        }
    }

    @Test func `without an annotated voxel there is nothing to learn`() throws {
        let image = try Fixtures.volume(Extent(z: 4, y: 4, x: 4)) { _, _ in 1 }
        let statistics = try ChannelStatistics.measure(image)
        let empty = AnnotatedSlice(at: SlicePosition(.z, 0), values: [UInt8](repeating: 255, count: 16))
        #expect(throws: TrainingError.self) {
            try PatchSampler(
                [TrainingVolume(name: "a", image: image, statistics: statistics, slices: [empty])], classes: 2,
                image: Extent(z: 4, y: 4, x: 4), labels: Extent(z: 4, y: 4, x: 4), augmentation: plain)
        }
    }

    @Test func `slices that do not fit are refused`() throws {
        let image = try Fixtures.volume(Extent(z: 4, y: 4, x: 4)) { _, _ in 1 }
        let statistics = try ChannelStatistics.measure(image)
        for slice in [
            AnnotatedSlice(at: SlicePosition(.z, 4), values: [UInt8](repeating: 0, count: 16)),
            AnnotatedSlice(at: SlicePosition(.z, 0), values: [UInt8](repeating: 0, count: 15)),
            AnnotatedSlice(at: SlicePosition(.z, 0), values: [UInt8](repeating: 2, count: 16)),
        ] {
            #expect(throws: TrainingError.self) {
                try PatchSampler(
                    [TrainingVolume(name: "a", image: image, statistics: statistics, slices: [slice])], classes: 2,
                    image: Extent(z: 4, y: 4, x: 4), labels: Extent(z: 4, y: 4, x: 4), augmentation: plain)
            }
        }
    }
}
