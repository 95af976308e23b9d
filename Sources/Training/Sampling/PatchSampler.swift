package import Volumes

/// Draws patches about annotated voxels and reads them, varied as the augmentation says.
package struct PatchSampler: Sendable {
    private struct Volume: Sendable {
        var reader: IntensityReader
        var labels: SparseLabels
        var spacing: Spacing
    }

    private let volumes: [Volume]
    package let index: AnnotationIndex
    private let augmentation: Augmentation
    private let mirror: [Axis]
    /// Voxels of the image of a patch, and of its labels; they differ by twice the margin.
    package let image: Extent
    package let labels: Extent
    package let channels: Int

    package init(
        _ volumes: [TrainingVolume], classes: Int, image: Extent, labels: Extent, augmentation: Augmentation
    ) throws(TrainingError) {
        var readers: [Volume] = []
        for volume in volumes {
            let header = volume.image.header
            try volume.slices.validate(extent: header.extent, classes: classes, volume: volume.name)
            readers.append(
                Volume(
                    reader: try IntensityReader(volume.image, statistics: volume.statistics),
                    labels: SparseLabels(of: header, slices: volume.slices), spacing: header.spacing))
        }
        self.volumes = readers
        self.augmentation = augmentation
        self.image = image
        self.labels = labels
        mirror = augmentation.mirror.value ?? Axis.allCases
        channels = volumes.first?.image.header.channels ?? 0
        index = AnnotationIndex(volumes, classes: classes)
        guard !index.isEmpty else {
            throw .nothingToLearn("No voxel is annotated; annotate at least one slice with two classes.")
        }
    }

    /// Decides about the next patch: the annotated voxel lies in the middle half of it, and it stays within the
    /// volume as far as it fits.
    package func draw(using random: inout Random) -> PatchDraw {
        let position = index.draw(using: &random)
        let volume = volumes[position.volume]
        let extent = volume.reader.extent
        var box = Box(extent: labels)
        for axis in Axis.allCases {
            let size = labels[axis]
            let place = Int.random(in: size / 4...(3 * size - 1) / 4, using: &random)
            let room = extent[axis] - size
            box.origin[axis] = room > 0 ? min(max(position.voxel[axis] - place, 0), room) : -(-room / 2)
        }
        let mirrored = mirror.filter { _ in Bool.random(using: &random) }
        var gains = [Float](repeating: 1, count: channels)
        var offsets = [Float](repeating: 0, count: channels)
        if augmentation.gray {
            for channel in 0..<channels {
                gains[channel] = Float.random(in: 0.8...1.2, using: &random)
                offsets[channel] = Float(random.normal()) * 0.1
            }
        }
        var draw = PatchDraw(
            volume: position.volume, box: box, target: position.voxel, mirrored: mirrored, gains: gains,
            offsets: offsets)
        if augmentation.warps {
            draw.warp = Warp(augmentation, extent: image, spacing: volume.spacing, using: &random)
        }
        return draw
    }

    /// Draws and reads the patches of a step.
    package func batch(of count: Int, using random: inout Random) throws -> PreparedBatch {
        let values = channels * image.voxels
        var images = [Float](repeating: 0, count: count * values)
        var marks = [UInt8](repeating: AnnotatedSlice.unlabeled, count: count * labels.voxels)
        for number in 0..<count {
            let draw = draw(using: &random)
            try images.withUnsafeMutableBufferPointer { all in
                let part = UnsafeMutableBufferPointer(rebasing: all[number * values..<(number + 1) * values])
                try marks.withUnsafeMutableBufferPointer { allMarks in
                    let place = number * labels.voxels
                    try render(
                        draw, image: part,
                        labels: UnsafeMutableBufferPointer(rebasing: allMarks[place..<place + labels.voxels]))
                }
            }
        }
        return PreparedBatch(images: images, labels: marks, next: random.state)
    }

    /// Reads a patch: C×Z×Y×X intensities and Z×Y×X labels.
    package func render(
        _ draw: PatchDraw, image values: UnsafeMutableBufferPointer<Float>,
        labels marks: UnsafeMutableBufferPointer<UInt8>
    ) throws {
        let volume = volumes[draw.volume]
        var outer = draw.box
        for axis in Axis.allCases {
            outer.origin[axis] -= (image[axis] - labels[axis]) / 2
            outer.extent[axis] = image[axis]
        }
        if let warp = draw.warp {
            try render(warp, volume.reader, volume.labels, outer, draw.box, values, marks)
        } else {
            try volume.reader.read(outer, into: values)
            try volume.labels.read(draw.box, channel: 0, into: UnsafeMutableRawBufferPointer(marks))
        }
        for channel in 0..<channels {
            let part = UnsafeMutableBufferPointer(
                rebasing: values[channel * image.voxels..<(channel + 1) * image.voxels])
            let (gain, offset) = (draw.gains[channel], draw.offsets[channel])
            if gain != 1 || offset != 0 {
                for place in part.indices { part[place] = part[place] * gain + offset }
            }
            for axis in draw.mirrored { part.reverse(along: axis, of: image) }
        }
        for axis in draw.mirrored { marks.reverse(along: axis, of: labels) }
    }

    /// Reads a patch from between the grid's points: the image linearly, labels from the nearest voxel.
    private func render(
        _ warp: Warp, _ reader: IntensityReader, _ sparse: SparseLabels, _ outer: Box, _ inner: Box,
        _ values: UnsafeMutableBufferPointer<Float>, _ marks: UnsafeMutableBufferPointer<UInt8>
    ) throws {
        let sources = warp.sources(of: outer)
        var region = outer
        for (place, axis) in Axis.allCases.enumerated() {
            var low = Float.infinity
            var high = -Float.infinity
            for index in stride(from: place, to: sources.count, by: 3) {
                low = min(low, sources[index])
                high = max(high, sources[index])
            }
            region.origin[axis] = Int(low.rounded(.down))
            region.extent[axis] = Int(high.rounded(.down)) - region.origin[axis] + 2
        }
        let count = region.extent.voxels
        let floats = UnsafeMutableBufferPointer<Float>.allocate(capacity: channels * count)
        defer { floats.deallocate() }
        try reader.read(region, into: floats)
        let known = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: count)
        defer { known.deallocate() }
        try sparse.read(region, channel: 0, into: UnsafeMutableRawBufferPointer(known))
        let resampler = Resampler(region: region)
        for channel in 0..<channels {
            resampler.linear(
                UnsafeMutableBufferPointer(rebasing: floats[channel * count..<(channel + 1) * count]), at: sources,
                into: UnsafeMutableBufferPointer(
                    rebasing: values[channel * image.voxels..<(channel + 1) * image.voxels]))
        }
        resampler.nearest(known, at: sources, of: outer, inner: inner, into: marks)
    }
}
