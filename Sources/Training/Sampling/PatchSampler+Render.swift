internal import Volumes

/// Rendering of patches from their draws.
extension PatchSampler {
    /// Changes the intensities of one input channel of the network: a channel of the image, or a feature of one, to
    /// which contrast and brightness apply but not noise and blur.
    func shade(
        _ values: UnsafeMutableBufferPointer<Float>, _ channel: Int, _ draw: PatchDraw, of extent: Extent,
        spacing: Spacing
    ) {
        let (source, feature) = channel.quotientAndRemainder(dividingBy: features)
        let isGradient = feature > smoothed
        if !draw.curves.isEmpty, !isGradient { draw.curves[source].apply(to: values) }
        let (gain, offset) = (draw.gains[source], isGradient ? 0 : draw.offsets[source])
        if gain != 1 || offset != 0 {
            for place in values.indices { values[place] = values[place] * gain + offset }
        }
        guard feature == 0 else { return }
        if draw.blur != 0 {
            let scratch = UnsafeMutableBufferPointer<Float>.allocate(capacity: values.count)
            defer { scratch.deallocate() }
            scratch.initialize(repeating: 0)
            if draw.blur > 0 {
                let sigma = spacing.voxels(of: draw.blur)
                PatchFilter.blur(values, of: extent, sigma: sigma, scratch: scratch)
            } else {
                PatchFilter.sharpen(
                    values, of: extent, sigma: spacing.voxels(of: 1), amount: Float(-draw.blur), scratch: scratch)
            }
        }
        if draw.noise > 0 {
            PatchFilter.addNoise(values, deviation: draw.noise, seed: draw.noiseSeed &+ UInt64(channel))
        }
    }

    /// Reads a deformed patch: the image by linear interpolation, labels from the nearest voxel.
    func render(
        _ warp: Warp, _ reader: IntensityReader, _ sparse: SparseLabels, _ outer: Box, _ inner: Box,
        _ values: UnsafeMutableBufferPointer<Float>, _ marks: UnsafeMutableBufferPointer<UInt8>
    ) throws {
        let sources = warp.sources(of: outer)
        var region = outer
        let size = outer.extent.voxels
        for axis in Axis.allCases {
            let (low, high) = PatchSampler.range(sources[axis.place * size..<(axis.place + 1) * size])
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
        sources.withUnsafeBufferPointer { sources in
            for channel in 0..<channels {
                resampler.linear(
                    UnsafeMutableBufferPointer(rebasing: floats[channel * count..<(channel + 1) * count]), at: sources,
                    into: UnsafeMutableBufferPointer(rebasing: values[channel * size..<(channel + 1) * size]))
            }
            resampler.nearest(known, at: sources, of: outer, inner: inner, into: marks)
        }
    }

    /// The smallest and the largest value, compared sixteen at a time.
    private static func range(_ values: ArraySlice<Float>) -> (low: Float, high: Float) {
        values.withUnsafeBufferPointer { values in
            var low = SIMD16<Float>(repeating: .infinity)
            var high = -low
            var place = 0
            while place + 16 <= values.count {
                let next = UnsafeRawBufferPointer(values).loadUnaligned(
                    fromByteOffset: 4 * place, as: SIMD16<Float>.self)
                low = pointwiseMin(low, next)
                high = pointwiseMax(high, next)
                place += 16
            }
            var (least, most) = (low.min(), high.max())
            for rest in place..<values.count {
                least = min(least, values[rest])
                most = max(most, values[rest])
            }
            return (least, most)
        }
    }
}
