/// The range of the intensities that make up an image, without padding and outliers at either end.
///
/// *Padding* is one value at an end that many voxels have and that stands clear of the others. *Outliers* are few
/// voxels beyond a gap several times as wide as all the rest. Both would else set the contrast of the image.
struct TypicalRange: Equatable {
    /// The typical intensities, in the order of numbers; unbounded where nothing is set aside.
    private(set) var least = -Double.infinity
    private(set) var most = Double.infinity

    /// The least share of the voxels that padding is, and the share that outliers at one end are at most.
    private static let (leastPadding, mostOutliers) = (0.001, 0.01)
    /// The width of the gap before padding, as a share of the range of nine tenths of the rest; and how many voxels
    /// may lie in the gap for each one of padding, or of the rest where these are fewer, as where an image was
    /// interpolated.
    private static let (paddingGap, strays) = (0.25, 0.02)
    /// The least number of different intensities, and share of the voxels, that the image within padding has.
    private static let (leastValues, leastImage) = (16, 0.02)
    /// The width of the gap before outliers, in multiples of the range of the rest.
    private static let outlierGap = 3.0

    /// The range within the values of a channel and their numbers, in ascending order; `nil` without any.
    init?(_ values: [(value: Double, count: Int)]) {
        guard !values.isEmpty else { return nil }
        // The voxels before each value.
        var before = [0]
        for (_, count) in values { before.append(before[before.count - 1] + count) }
        let total = before[values.count]
        func count(_ range: Range<Int>) -> Int { before[range.upperBound] - before[range.lowerBound] }
        func value(at share: Double, in range: Range<Int>) -> Double {
            let wanted = before[range.lowerBound] + Int((share * Double(count(range) - 1)).rounded())
            var (first, last) = (range.lowerBound, range.upperBound - 1)
            while first < last {
                let middle = (first + last) / 2
                if before[middle + 1] > wanted { last = middle } else { first = middle + 1 }
            }
            return values[first].value
        }
        /// Whether the value at an end is padding, the other values being `rest`.
        func isPadding(_ end: Int, _ rest: Range<Int>) -> Bool {
            let padding = values[end].count
            guard padding > 1, Double(padding) >= Self.leastPadding * Double(total), rest.count >= Self.leastValues,
                Double(count(rest)) >= Self.leastImage * Double(total)
            else { return false }
            let gap = Self.paddingGap * (value(at: 0.95, in: rest) - value(at: 0.05, in: rest))
            let near = rest.filter { abs(values[$0].value - values[end].value) < gap }
            let strays = near.reduce(0) { $0 + values[$1].count }
            return gap > 0 && Double(strays) <= Self.strays * Double(min(padding, count(rest)))
        }
        var range = values.indices
        while range.count > 1 {
            if isPadding(range.lowerBound, range.dropFirst()) {
                least = values[range.lowerBound].value.nextUp
                range = range.dropFirst()
            } else if isPadding(range.upperBound - 1, range.dropLast()) {
                most = values[range.upperBound - 1].value.nextDown
                range = range.dropLast()
            } else {
                break
            }
        }
        // From the middle 98 % (or more, where these are all equal) the image grows until there is a wide gap.
        let middles = [0.01, 0.001, 0.0001].map { (value(at: $0, in: range), value(at: 1 - $0, in: range)) }
        guard let (from, to) = middles.first(where: { $0.0 < $0.1 }) else { return }
        var first = range.first { values[$0].value >= from } ?? range.lowerBound
        var last = range.last { values[$0].value <= to } ?? range.upperBound - 1
        var gap: Double { Self.outlierGap * (values[last].value - values[first].value) }
        var grows = true
        while grows {
            grows = false
            while last + 1 < range.upperBound, values[last + 1].value - values[last].value <= gap {
                (last, grows) = (last + 1, true)
            }
            while first > range.lowerBound, values[first].value - values[first - 1].value <= gap {
                (first, grows) = (first - 1, true)
            }
        }
        let few = max(Int(Self.mostOutliers * Double(count(range))), 1)
        if (1...few).contains(count(last + 1..<range.upperBound)) { most = min(most, values[last].value + gap) }
        if (1...few).contains(count(range.lowerBound..<first)) { least = max(least, values[first].value - gap) }
    }

    /// Whether an intensity is typical.
    @inline(__always)
    func contains(_ value: Double) -> Bool { value >= least && value <= most }
}
