internal import Volumes

/// Computes the channels that input filters add, from a box of the image that is larger by their reach.
///
/// So a voxel's features are the same whatever box they were read with.
struct FeatureBank {
    private let smoothed: [[Double]]
    private let gradient: [[Double]]
    /// The scale of each gradient: its deviation in voxels of the finest axis, so that all have similar lengths.
    private let lengths: [Float]
    /// Voxels of the finest axis in one of each axis, inverted.
    private let slopes: [Float]
    /// Voxels on each side that a feature is computed from.
    let reach: Extent

    init(_ filters: InputFilters, spacing: Spacing) {
        smoothed = filters.smoothed.map { spacing.voxels(of: $0) }
        gradient = filters.gradient.map { spacing.voxels(of: $0) }
        lengths = filters.gradient.map(Float.init)
        slopes = spacing.voxels(of: 1).map(Float.init)
        var reach = Extent(z: 0, y: 0, x: 0)
        for axis in Axis.allCases {
            for sigma in smoothed { reach[axis] = max(reach[axis], PatchFilter.gaussian(sigma[axis.place]).count - 1) }
            for sigma in gradient { reach[axis] = max(reach[axis], PatchFilter.gaussian(sigma[axis.place]).count) }
        }
        self.reach = reach
    }

    /// Fills the image's inner box and then each feature of it, one after the other.
    func compute(
        _ image: UnsafeMutableBufferPointer<Float>, of outer: Extent, inner: Extent,
        into features: UnsafeMutableBufferPointer<Float>
    ) {
        let work = UnsafeMutableBufferPointer<Float>.allocate(capacity: 2 * image.count)
        defer { work.deallocate() }
        work.initialize(repeating: 0)
        let blurred = UnsafeMutableBufferPointer(rebasing: work[..<image.count])
        let scratch = UnsafeMutableBufferPointer(rebasing: work[image.count...])
        func feature(_ number: Int) -> UnsafeMutableBufferPointer<Float> {
            UnsafeMutableBufferPointer(rebasing: features[number * inner.voxels..<(number + 1) * inner.voxels])
        }
        copy(image, outer, inner, into: feature(0))
        for (number, sigma) in smoothed.enumerated() {
            _ = blurred.update(fromContentsOf: image)
            PatchFilter.blur(blurred, of: outer, sigma: sigma, scratch: scratch)
            copy(blurred, outer, inner, into: feature(1 + number))
        }
        for (number, sigma) in gradient.enumerated() {
            _ = blurred.update(fromContentsOf: image)
            PatchFilter.blur(blurred, of: outer, sigma: sigma, scratch: scratch)
            slope(blurred, outer, inner, length: lengths[number], into: feature(1 + smoothed.count + number))
        }
    }

    /// Calls with the start of each row of the inner box, in the outer one and in itself.
    private func rows(_ outer: Extent, _ inner: Extent, _ body: (Int, Int) -> Void) {
        for z in 0..<inner.z {
            for y in 0..<inner.y {
                body(
                    ((z + reach.z) * outer.y + y + reach.y) * outer.x + reach.x, (z * inner.y + y) * inner.x)
            }
        }
    }

    private func copy(
        _ source: UnsafeMutableBufferPointer<Float>, _ outer: Extent, _ inner: Extent,
        into target: UnsafeMutableBufferPointer<Float>
    ) {
        rows(outer, inner) { from, to in
            for x in 0..<inner.x { target[to + x] = source[from + x] }
        }
    }

    /// The length of the gradient by central differences.
    private func slope(
        _ source: UnsafeMutableBufferPointer<Float>, _ outer: Extent, _ inner: Extent, length: Float,
        into target: UnsafeMutableBufferPointer<Float>
    ) {
        let (plane, row) = (outer.y * outer.x, outer.x)
        let (forZ, forY, forX) = (slopes[0] * length / 2, slopes[1] * length / 2, slopes[2] * length / 2)
        rows(outer, inner) { from, to in
            for x in 0..<inner.x {
                let place = from + x
                let z = (source[place + plane] - source[place - plane]) * forZ
                let y = (source[place + row] - source[place - row]) * forY
                let across = (source[place + 1] - source[place - 1]) * forX
                target[to + x] = (z * z + y * y + across * across).squareRoot()
            }
        }
    }
}
