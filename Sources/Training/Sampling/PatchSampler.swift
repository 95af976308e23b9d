package import Volumes

/// Draws patches around annotated voxels and reads them, with augmentation.
package struct PatchSampler: Sendable {
    struct Volume: Sendable {
        var reader: IntensityReader
        var labels: SparseLabels
        var spacing: Spacing
    }

    private let volumes: [Volume]
    package let index: AnnotationIndex
    private var augmentation: Augmentation
    private let sampling: SamplingSettings
    private let mirror: [Axis]
    /// The axes that are exchanged with one another.
    private let transposed: [Axis]
    /// The labels' extent in patches for slices on an axis, if it is not `labels`.
    private let slabs: [Axis: Extent]
    /// Thickness in voxels, along a slice's normal, of the part whose labels are learned from; `nil` for all.
    private let bands: [Axis: Int]
    /// Channels of the images.
    private let sources: Int
    /// Input channels of the network per channel of an image.
    let features: Int
    /// How many of the features are smoothed images.
    let smoothed: Int
    /// Voxels of the image of a patch, and of its labels; they differ by twice the margin.
    package let image: Extent
    package let labels: Extent
    package let channels: Int

    package init(
        _ volumes: [TrainingVolume], classes: Int, image: Extent, labels: Extent, augmentation: Augmentation,
        sampling: SamplingSettings = SamplingSettings(rare: 1, shape: .cut, slab: nil, band: nil),
        slabs: [Axis: Extent] = [:], bands: [Axis: Int] = [:], inputs: InputFilters = .none,
        scaling: IntensityScaling = .typical
    ) throws(TrainingError) {
        var readers: [Volume] = []
        for volume in volumes {
            let header = volume.image.header
            try volume.slices.validate(extent: header.extent, classes: classes, volume: volume.name)
            readers.append(
                Volume(
                    reader: try IntensityReader(
                        volume.image, statistics: volume.statistics, inputs: inputs, scaling: scaling),
                    labels: SparseLabels(of: header, slices: volume.slices), spacing: header.spacing))
        }
        self.volumes = readers
        self.augmentation = augmentation
        self.image = image
        self.labels = labels
        mirror = augmentation.mirror.value ?? Axis.allCases
        transposed = augmentation.transpose.value ?? []
        self.sampling = sampling
        self.slabs = slabs
        self.bands = bands
        sources = volumes.first?.image.header.channels ?? 0
        features = inputs.count
        smoothed = inputs.smoothed.count
        channels = sources * features
        index = AnnotationIndex(volumes, classes: classes)
        guard !index.isEmpty else {
            throw .nothingToLearn("No voxel is annotated; annotate at least one slice with two classes.")
        }
    }

    /// Draws the next patch.
    ///
    /// The annotated voxel lies in the middle half of the patch (of the band, along the slice's normal, if there is
    /// one). The patch lies within the volume if it fits, except for the allowed overhang. With `like`, it has that
    /// shape.
    package func draw(like wanted: PatchShape? = nil, using random: inout Random) -> PatchDraw {
        var (position, box, known, order) = place(using: &random)
        while let wanted, shape(box, known, order) != wanted { (position, box, known, order) = place(using: &random) }
        let volume = volumes[position.volume]
        let normal = index.axis(of: position)
        let mirrored = mirror.filter { _ in Bool.random(using: &random) }
        var gains = [Float](repeating: 1, count: sources)
        var offsets = [Float](repeating: 0, count: sources)
        if let gray = augmentation.gray {
            for channel in 0..<sources {
                gains[channel] = Float.random(in: Float(1 - gray.gain)...Float(1 + gray.gain), using: &random)
                offsets[channel] = Float(random.normal() * gray.offset)
            }
        }
        var draw = PatchDraw(
            volume: position.volume, box: box, known: known, axis: normal, target: position.voxel, mirrored: mirrored,
            order: order, gains: gains, offsets: offsets)
        if augmentation.warps {
            draw.warp = Warp(
                augmentation, extent: outer(of: box).extent, spacing: volume.spacing,
                within: augmentation.turn == .slice ? normal : nil, using: &random)
        }
        if let gray = augmentation.gray, gray.curve > 0 {
            draw.curves = (0..<sources).map { _ in GrayCurve(strength: gray.curve, using: &random) }
        }
        if augmentation.blur > 0 || augmentation.sharpen > 0, Bool.random(using: &random) {
            let range = -augmentation.sharpen...augmentation.blur
            draw.blur = Double.random(in: range, using: &random)
        }
        if augmentation.noise > 0 {
            draw.noise = Float.random(in: 0...Float(augmentation.noise), using: &random)
            draw.noiseSeed = random.next()
        }
        return draw
    }

    /// Draws an annotated voxel, a box around it, the part of the box whose labels are learned from (the band, or the
    /// whole box if the slice is near the volume's edge and so not in the middle of the box), and the order of its axes.
    private func place(
        using random: inout Random
    ) -> (position: AnnotationIndex.Position, box: Box, known: Box, order: [Axis]) {
        let position = index.draw(rare: sampling.rare, using: &random)
        let extent = volumes[position.volume].reader.extent
        let normal = index.axis(of: position)
        var box = Box(extent: slabs[normal] ?? labels)
        var known = box.extent
        known[normal] = bands[normal] ?? known[normal]
        func middle(_ axis: Axis) -> ClosedRange<Int> {
            let start = (box.extent[axis] - known[axis]) / 2
            return start + known[axis] / 4...start + (3 * known[axis] - 1) / 4
        }
        for axis in Axis.allCases {
            let place = Int.random(in: middle(axis), using: &random)
            let room = extent[axis] - box.extent[axis], overhang = Int(sampling.overhang * Double(box.extent[axis]))
            let (first, last) = room > 0 ? (0, room) : (room / 2, room / 2)
            box.origin[axis] = min(max(position.voxel[axis] - place, first - overhang), last + overhang)
        }
        let orders = Axis.orders(exchanging: transposed, in: box.extent, normal: normal)
        let order = orders[orders.count > 1 ? Int.random(in: orders.indices, using: &random) : 0]
        guard middle(normal).contains(position.voxel[normal] - box.origin[normal]) else {
            return (position, box, box, order)
        }
        var part = Box(origin: box.origin, extent: known)
        part.origin[normal] += (box.extent[normal] - known[normal]) / 2
        return (position, box, part, order)
    }

    /// The same sampler without augmentation except mirroring and exchanged axes.
    var plain: PatchSampler {
        var sampler = self
        sampler.augmentation = augmentation.plain
        return sampler
    }

    /// The shapes of patches and their frequencies, from `count` draws.
    package func shapes(in count: Int = 500) -> [PatchShape: Double] {
        var random = Random(seed: 1)
        var shapes: [PatchShape: Double] = [:]
        for _ in 0..<count {
            let (_, box, known, order) = place(using: &random)
            shapes[shape(box, known, order), default: 0] += 1 / Double(count)
        }
        return shapes
    }

    private func shape(_ box: Box, _ known: Box, _ order: [Axis]) -> PatchShape {
        PatchShape(image: outer(of: box).extent.transposed(to: order), labels: known.extent.transposed(to: order))
    }

    /// Draws the patches of a step as `batch` does, without reading them, and returns their shape.
    package func shape(ofBatch count: Int, using random: inout Random) -> PatchShape {
        let draw = draw(using: &random)
        let shape = shape(draw.box, draw.known, draw.order)
        for _ in 1..<max(count, 1) { _ = self.draw(like: shape, using: &random) }
        return shape
    }

    /// Draws and reads the patches of a step; with `like`, they have that shape.
    package func batch(
        of count: Int, like wanted: PatchShape? = nil, using random: inout Random
    ) throws -> PreparedBatch {
        var draw = draw(like: wanted, using: &random)
        let shape = shape(draw.box, draw.known, draw.order)
        let values = channels * shape.image.voxels, known = shape.labels
        var images = [Float](repeating: 0, count: count * values)
        var marks = [UInt8](repeating: AnnotatedSlice.unlabeled, count: count * known.voxels)
        for number in 0..<count {
            if number > 0 { draw = self.draw(like: shape, using: &random) }
            try images.withUnsafeMutableBufferPointer { all in
                let part = UnsafeMutableBufferPointer(rebasing: all[number * values..<(number + 1) * values])
                try marks.withUnsafeMutableBufferPointer { allMarks in
                    let place = number * known.voxels
                    try render(
                        draw, image: part,
                        labels: UnsafeMutableBufferPointer(rebasing: allMarks[place..<place + known.voxels]))
                }
            }
        }
        return PreparedBatch(shape: shape, images: images, labels: marks, next: random.state)
    }

    /// The box of a patch's image, from the box of the network's output.
    func outer(of box: Box) -> Box {
        var outer = box
        for axis in Axis.allCases {
            let margin = (image[axis] - labels[axis]) / 2
            outer.origin[axis] -= margin
            outer.extent[axis] += 2 * margin
        }
        return outer
    }

    /// Reads a patch: C×Z×Y×X intensities and Z×Y×X labels, its axes in their order.
    package func render(
        _ draw: PatchDraw, image values: UnsafeMutableBufferPointer<Float>,
        labels marks: UnsafeMutableBufferPointer<UInt8>
    ) throws {
        let volume = volumes[draw.volume]
        let outer = outer(of: draw.box)
        let size = outer.extent.voxels
        if let warp = draw.warp {
            try render(warp, volume.reader, volume.labels, outer, draw.known, values, marks)
        } else {
            try volume.reader.read(outer, into: values)
            try volume.labels.read(draw.known, channel: 0, into: UnsafeMutableRawBufferPointer(marks))
        }
        for channel in 0..<channels {
            let part = UnsafeMutableBufferPointer(rebasing: values[channel * size..<(channel + 1) * size])
            shade(part, channel, draw, of: outer.extent, spacing: volume.spacing)
            for axis in draw.mirrored { part.reverse(along: axis, of: outer.extent) }
            part.transpose(to: draw.order, of: outer.extent)
        }
        for axis in draw.mirrored { marks.reverse(along: axis, of: draw.known.extent) }
        marks.transpose(to: draw.order, of: draw.known.extent)
    }
}
