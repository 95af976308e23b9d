/// The running sums that the statistics of a channel are computed from.
struct ChannelTally {
    private let element: ElementType
    /// Occurrences of each value of an integer type of up to 16 bits, the lowest first.
    private var histogram: [Int]
    /// Every `stride`-th voxel, for other types.
    private var sample: [Double] = []
    private let stride: Int
    private var position = 0
    private var count = 0
    private var nonFinite = 0
    /// The first value; sums are of differences from it, so that large offsets cost no precision.
    private var shift = 0.0
    private var sum = 0.0
    private var squares = 0.0
    private var minimum = Double.infinity
    private var maximum = -Double.infinity

    init(element: ElementType, voxels: Int) {
        self.element = element
        histogram = [Int](repeating: 0, count: element.isNarrow ? 1 << (8 * element.size) : 0)
        stride = (voxels / 1_000_000) | 1
    }

    mutating func add(_ bytes: UnsafeRawBufferPointer) throws {
        switch element {
        case .uint8: count(bytes.bindMemory(to: UInt8.self), lowest: 0)
        case .int8: count(bytes.bindMemory(to: Int8.self), lowest: Int(Int8.min))
        case .uint16: count(bytes.bindMemory(to: UInt16.self), lowest: 0)
        case .int16: count(bytes.bindMemory(to: Int16.self), lowest: Int(Int16.min))
        case .uint32: accumulate(bytes.bindMemory(to: UInt32.self))
        case .int32: accumulate(bytes.bindMemory(to: Int32.self))
        case .uint64: accumulate(bytes.bindMemory(to: UInt64.self))
        case .int64: accumulate(bytes.bindMemory(to: Int64.self))
        case .float32: accumulate(bytes.bindMemory(to: Float.self))
        case .float64: accumulate(bytes.bindMemory(to: Double.self))
        }
    }

    /// The range of the typical intensities; `nil` without any finite voxel.
    var typicalRange: TypicalRange? {
        guard !element.isNarrow else { return TypicalRange(occurring) }
        guard count > 0 else { return nil }
        var values: [(value: Double, count: Int)] = []
        // The sample may lack the extremes; those that it has count once, for one voxel is no padding.
        let extremes = [minimum, maximum].filter { !sample.contains($0) }
        for value in (extremes + sample).sorted() {
            if values.last?.value == value { values[values.count - 1].count += 1 } else { values.append((value, 1)) }
        }
        return TypicalRange(values)
    }

    /// The statistics of the typical voxels; `nil` if the voxels have to be read again for them.
    func typical(in range: TypicalRange) -> TypicalIntensities? {
        if element.isNarrow {
            let values = occurring.filter { range.contains($0.value) }
            guard let first = values.first, let last = values.last else { return nil }
            var tally = TypicalTally(range, origin: first.value, width: last.value - first.value)
            for (value, count) in occurring { tally.add(value, times: count) }
            return tally.intensities
        }
        guard range.contains(minimum), range.contains(maximum) else { return nil }
        let mean = sum / Double(count)
        let deviation = max(squares / Double(count) - mean * mean, 0).squareRoot()
        // Of 64-bit integers, neighbours may be one number in double precision.
        guard element != .int64, element != .uint64, deviation.isFinite, deviation > 1e-3 * (maximum - minimum) else {
            return nil
        }
        return TypicalIntensities(
            origin: shift, offset: mean, deviation: deviation, least: minimum, most: maximum, setAside: 0)
    }

    /// An empty tally of the typical voxels, about the median of the sample.
    func typicalTally(in range: TypicalRange) -> TypicalTally {
        let values = sample.filter(range.contains).sorted()
        guard let first = values.first, let last = values.last else { return TypicalTally(range, origin: 0, width: 1) }
        return TypicalTally(range, origin: values[values.count / 2], width: last - first)
    }

    /// The statistics of all voxels, with the percentiles of the typical ones.
    func statistics(in range: TypicalRange?, _ typical: TypicalIntensities) -> ChannelStatistics {
        var statistics = element.isNarrow ? statisticsOfHistogram(in: range) : statisticsOfSums(in: range)
        statistics.nonFinite = nonFinite
        statistics.typical = typical
        return statistics
    }

    private mutating func count<Value: FixedWidthInteger>(_ values: UnsafeBufferPointer<Value>, lowest: Int) {
        histogram.withUnsafeMutableBufferPointer { histogram in
            for value in values { histogram[Int(value) - lowest] += 1 }
        }
    }

    private mutating func accumulate<Value: VoxelValue>(_ values: UnsafeBufferPointer<Value>) {
        for value in values.lazy.map(\.double) {
            position += 1
            guard value.isFinite else {
                nonFinite += 1
                continue
            }
            if count == 0 { shift = value }
            count += 1
            sum += value - shift
            squares += (value - shift) * (value - shift)
            minimum = min(minimum, value)
            maximum = max(maximum, value)
            if position % stride == 0 || sample.isEmpty { sample.append(value) }
        }
    }

    private func statisticsOfSums(in range: TypicalRange?) -> ChannelStatistics {
        guard count > 0 else {
            return ChannelStatistics(mean: 0, deviation: 0, minimum: 0, maximum: 0, low: 0, high: 0)
        }
        let mean = sum / Double(count)
        let variance = max(squares / Double(count) - mean * mean, 0)
        let sorted = sample.filter { range?.contains($0) ?? true }.sorted()
        let at = { (share: Double) in
            sorted.isEmpty ? 0 : sorted[Int((share * Double(sorted.count - 1)).rounded())]
        }
        return ChannelStatistics(
            mean: (shift + mean).finite, deviation: variance.squareRoot().finite, minimum: minimum, maximum: maximum,
            low: at(0.01), high: at(0.99))
    }

    /// The values that occur, with their numbers, in ascending order; of integers of up to 16 bits.
    private var occurring: [(value: Double, count: Int)] {
        let lowest = element.isSigned ? -histogram.count / 2 : 0
        return histogram.indices.filter { histogram[$0] > 0 }.map { (Double($0 + lowest), histogram[$0]) }
    }

    private func statisticsOfHistogram(in range: TypicalRange?) -> ChannelStatistics {
        let values = occurring
        let total = values.reduce(0) { $0 + $1.count }
        guard let first = values.first, let last = values.last else {
            return ChannelStatistics(mean: 0, deviation: 0, minimum: 0, maximum: 0, low: 0, high: 0)
        }
        let mean = values.reduce(0) { $0 + $1.value * Double($1.count) } / Double(total)
        let variance =
            values.reduce(0) { $0 + ($1.value - mean) * ($1.value - mean) * Double($1.count) } / Double(total)
        let typical = values.filter { range?.contains($0.value) ?? true }
        let count = typical.reduce(0) { $0 + $1.count }
        let at = { (share: Double) in
            var left = Int((share * Double(count - 1)).rounded())
            return typical.first { value in
                left -= value.count
                return left < 0
            }?.value ?? 0
        }
        return ChannelStatistics(
            mean: mean, deviation: variance.squareRoot(), minimum: first.value, maximum: last.value, low: at(0.01),
            high: at(0.99))
    }
}

extension ElementType {
    /// Whether the type is an integer with few enough values to count each.
    fileprivate var isNarrow: Bool { size <= 2 }

    fileprivate var isSigned: Bool { self == .int8 || self == .int16 }
}

extension Double {
    /// Zero if the number is infinite or NaN.
    fileprivate var finite: Double { isFinite ? self : 0 }
}
