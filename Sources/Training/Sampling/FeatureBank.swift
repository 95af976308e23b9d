internal import Volumes

/// Computes the channels that input filters add.
///
/// They are computed from a box that is larger by the filters' reach, so a voxel's features do not depend on the box.
struct FeatureBank {
    private let smoothed: [[Double]]
    private let gradient: [[Double]]
    /// The factor of each gradient: its standard deviation in voxels of the finest axis, for similar magnitudes.
    private let lengths: [Float]
    /// The finest spacing divided by the spacing of each axis.
    private let slopes: [Float]
    /// Voxels beyond each side of a box that its features are computed from.
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

    /// Writes the image's inner box and then each of its features.
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

    /// Calls the body with the start of each row of the inner box, within the outer box and within the inner one.
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

    /// The magnitude of the gradient by central differences.
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
