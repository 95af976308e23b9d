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

    var statistics: ChannelStatistics {
        element.isNarrow ? statisticsOfHistogram : statisticsOfSums
    }

    private mutating func count<Value: FixedWidthInteger>(_ values: UnsafeBufferPointer<Value>, lowest: Int) {
        histogram.withUnsafeMutableBufferPointer { histogram in
            for value in values { histogram[Int(value) - lowest] += 1 }
        }
    }

    private mutating func accumulate<Value: VoxelValue>(_ values: UnsafeBufferPointer<Value>) {
        for value in values.lazy.map(\.double) {
            position += 1
            guard value.isFinite else { continue }
            if count == 0 { shift = value }
            count += 1
            sum += value - shift
            squares += (value - shift) * (value - shift)
            minimum = min(minimum, value)
            maximum = max(maximum, value)
            if position % stride == 0 || sample.isEmpty { sample.append(value) }
        }
    }

    private var statisticsOfSums: ChannelStatistics {
        guard count > 0 else {
            return ChannelStatistics(mean: 0, deviation: 0, minimum: 0, maximum: 0, low: 0, high: 0)
        }
        let mean = sum / Double(count)
        let variance = max(squares / Double(count) - mean * mean, 0)
        let sorted = sample.sorted()
        let at = { (share: Double) in sorted[Int((share * Double(sorted.count - 1)).rounded())] }
        return ChannelStatistics(
            mean: (shift + mean).finite, deviation: variance.squareRoot().finite, minimum: minimum, maximum: maximum,
            low: at(0.01), high: at(0.99))
    }

    private var statisticsOfHistogram: ChannelStatistics {
        let lowest = element.isSigned ? -histogram.count / 2 : 0
        let total = histogram.reduce(0, +)
        guard total > 0 else {
            return ChannelStatistics(mean: 0, deviation: 0, minimum: 0, maximum: 0, low: 0, high: 0)
        }
        let values = histogram.indices.lazy.filter { histogram[$0] > 0 }.map { (Double($0 + lowest), histogram[$0]) }
        let mean = values.reduce(0) { $0 + $1.0 * Double($1.1) } / Double(total)
        let variance = values.reduce(0) { $0 + ($1.0 - mean) * ($1.0 - mean) * Double($1.1) } / Double(total)
        let at = { (share: Double) in
            var left = Int((share * Double(total - 1)).rounded())
            return values.first { value in
                left -= value.1
                return left < 0
            }?.0 ?? 0
        }
        return ChannelStatistics(
            mean: mean, deviation: variance.squareRoot(), minimum: values.first?.0 ?? 0,
            maximum: values.reversed().first?.0 ?? 0, low: at(0.01), high: at(0.99))
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
