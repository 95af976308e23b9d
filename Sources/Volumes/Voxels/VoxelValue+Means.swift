/// There are one, two or four rows, and the last place of an odd number is a pair by itself.
extension VoxelValue where Self: FixedWidthInteger {
    /// The nearest integers, of two the even one.
    package static func writeMeans(
        of rows: [UnsafeBufferPointer<Self>], pairs: Bool, into target: UnsafeMutableBufferPointer<Self>
    ) {
        switch bitWidth {
        case ...16: writeMeans(of: rows, pairs: pairs, into: target, summing: Int32.self)
        case ...32: writeMeans(of: rows, pairs: pairs, into: target, summing: Int64.self)
        default: writeMeans(of: rows, pairs: pairs, into: target, summing: Int128.self)
        }
    }

    @inline(__always)
    private static func writeMeans<Sum: FixedWidthInteger & SignedInteger>(
        of rows: [UnsafeBufferPointer<Self>], pairs: Bool, into target: UnsafeMutableBufferPointer<Self>,
        summing: Sum.Type
    ) {
        let shift = rows.count.trailingZeroBitCount
        let whole = pairs ? (rows.first?.count ?? 0) / 2 : 0
        for place in 0..<whole {
            var sum: Sum = 0
            for row in rows {
                sum &+= Sum(truncatingIfNeeded: row[2 * place]) &+ Sum(truncatingIfNeeded: row[2 * place + 1])
            }
            target[place] = Self(truncatingIfNeeded: share(of: sum, shift + 1))
        }
        for place in whole..<target.count {
            var sum: Sum = 0
            for row in rows { sum &+= Sum(truncatingIfNeeded: row[pairs ? 2 * place : place]) }
            target[place] = Self(truncatingIfNeeded: share(of: sum, shift))
        }
    }

    /// A sum over 2^`shift`, rounded.
    @inline(__always)
    private static func share<Sum: FixedWidthInteger & SignedInteger>(of sum: Sum, _ shift: Int) -> Sum {
        guard shift > 0 else { return sum }
        let half: Sum = (1 &<< Sum(truncatingIfNeeded: shift - 1)) &- 1
        let shift = Sum(truncatingIfNeeded: shift)
        return (sum &+ half &+ ((sum &>> shift) & 1)) &>> shift
    }
}

extension VoxelValue where Self: BinaryFloatingPoint {
    /// NaN and infinite values are left out; where there are no others, the mean is NaN.
    package static func writeMeans(
        of rows: [UnsafeBufferPointer<Self>], pairs: Bool, into target: UnsafeMutableBufferPointer<Self>
    ) {
        let length = rows.first?.count ?? 0
        for place in target.indices {
            let places = pairs ? 2 * place..<min(2 * place + 2, length) : place..<place + 1
            var sum = 0.0
            var count = 0.0
            for row in rows {
                for place in places where row[place].isFinite {
                    // Eighths, so that a sum of eight large numbers stays finite.
                    sum += row[place].double * 0.125
                    count += 0.125
                }
            }
            target[place] = count > 0 ? Self(sum / count) : .nan
        }
    }
}
