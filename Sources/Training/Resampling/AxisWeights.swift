/// Which voxels of one grid each voxel of another is the weighted mean of, along an axis.
///
/// Both grids begin at the same edge. Where the target is finer, weights are those of linear interpolation; where it is
/// coarser, those of a triangle of twice the target's voxel, so that no voxel is skipped.
struct AxisWeights {
    private struct Mean {
        var first: Int
        var weights: [Float]
    }

    private var means: [Mean] = []

    /// `ratio` is the source's voxels in one of the target; only the sources in `available`, which is not empty, are
    /// used.
    init(of targets: Range<Int>, ratio: Double, from available: Range<Int>) {
        let radius = max(1, ratio)
        for target in targets {
            let centre = (Double(target) + 0.5) * ratio - 0.5
            let low = max(Int((centre - radius).rounded(.down)) + 1, available.lowerBound)
            let high = min(Int((centre + radius).rounded(.up)) - 1, available.upperBound - 1)
            let weights = low <= high ? (low...high).map { 1 - abs(Double($0) - centre) / radius } : []
            let sum = weights.reduce(0, +)
            if sum > 0 {
                means.append(Mean(first: low, weights: weights.map { Float($0 / sum) }))
            } else {
                let nearest = min(max(Int(centre.rounded()), available.lowerBound), available.upperBound - 1)
                means.append(Mean(first: nearest, weights: [1]))
            }
        }
    }

    /// The sources from the first that is used to the last.
    var sources: Range<Int> {
        let first = means.map(\.first).min() ?? 0
        return first..<(means.map { $0.first + $0.weights.count }.max() ?? first)
    }

    var count: Int { means.count }

    /// Takes the means along the middle axis of an array outer × sources × inner.
    func apply<Value: BinaryFloatingPoint>(_ values: [Value], inner: Int) -> [Value] {
        let (begin, length) = (sources.lowerBound, sources.count)
        let outer = values.count / max(length * inner, 1)
        return [Value](unsafeUninitializedCapacity: outer * count * inner) { result, filled in
            values.withUnsafeBufferPointer { values in
                for block in 0..<outer {
                    for (place, mean) in means.enumerated() {
                        let target = (block * count + place) * inner
                        let first = (block * length + mean.first - begin) * inner
                        for index in 0..<inner { result.initializeElement(at: target + index, to: 0) }
                        for (tap, weight) in mean.weights.enumerated() {
                            let start = first + tap * inner
                            for index in 0..<inner { result[target + index] += Value(weight) * values[start + index] }
                        }
                    }
                }
            }
            filled = outer * count * inner
        }
    }
}
