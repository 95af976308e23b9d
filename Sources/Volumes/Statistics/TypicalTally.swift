/// The running sums of the typical voxels of a channel.
struct TypicalTally {
    private let range: TypicalRange
    private let origin: Double
    /// A power of two by which differences are divided, so that their squares are ordinary numbers.
    private let unit: Double
    private var count = 0
    private var others = 0
    private var sum = 0.0
    private var squares = 0.0
    private var least = Double.infinity
    private var most = -Double.infinity

    /// `origin` is one of the typical intensities, `width` about the width of their range.
    init(_ range: TypicalRange, origin: Double, width: Double) {
        self.range = range
        self.origin = origin
        unit = width.isNormal ? Double(sign: .plus, exponent: width.exponent, significand: 1) : 1
    }

    mutating func add(_ bytes: UnsafeRawBufferPointer, of element: ElementType) throws {
        self = try element.run(Addition(bytes: bytes, tally: self))
    }

    @inline(__always)
    mutating func add<Value: VoxelValue>(_ voxel: Value, times: Int = 1) {
        let value = voxel.double
        guard value.isFinite else { return }
        guard range.contains(value) else {
            others += times
            return
        }
        let difference = voxel.difference(from: origin) / unit
        count += times
        sum += difference * Double(times)
        squares += difference * difference * Double(times)
        least = min(least, value)
        most = max(most, value)
    }

    var intensities: TypicalIntensities {
        guard count > 0 else {
            return TypicalIntensities(origin: 0, offset: 0, deviation: 0, least: 0, most: 0, setAside: others)
        }
        let mean = sum / Double(count)
        return TypicalIntensities(
            origin: origin, offset: mean * unit,
            deviation: max(squares / Double(count) - mean * mean, 0).squareRoot() * unit, least: least, most: most,
            setAside: others)
    }

    private struct Addition: VoxelWork {
        let bytes: UnsafeRawBufferPointer
        var tally: TypicalTally

        func callAsFunction<Value: VoxelValue>(_ type: Value.Type) -> TypicalTally {
            var tally = tally
            bytes.withMemoryRebound(to: Value.self) { values in
                for value in values { tally.add(value) }
            }
            return tally
        }
    }
}
