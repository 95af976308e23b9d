/// A number type that voxels are stored in.
package protocol VoxelValue: Sendable, Comparable {
    static var element: ElementType { get }
    /// The nearest single-precision number.
    var float: Float { get }
    /// The nearest double-precision number.
    var double: Double { get }
    /// The difference from a number of about this size, exact where both fit the type.
    func difference(from origin: Double) -> Double
    /// The value with its bytes reversed.
    var swapped: Self { get }
    /// Writes the mean of each place in rows of the same length, or of two neighbouring places if `pairs`.
    static func writeMeans(
        of rows: [UnsafeBufferPointer<Self>], pairs: Bool, into target: UnsafeMutableBufferPointer<Self>)
}

extension VoxelValue {
    @inline(__always) package func difference(from origin: Double) -> Double { double - origin }
}

extension VoxelValue where Self: FixedWidthInteger {
    @inline(__always) package var float: Float { Float(self) }
    @inline(__always) package var double: Double { Double(self) }
    @inline(__always) package var swapped: Self { byteSwapped }
}

extension VoxelValue where Self: FixedWidthInteger {
    @inline(__always) package func difference(from origin: Double) -> Double {
        // Integers of up to 52 bits and their differences are exact in double precision.
        guard Self.bitWidth > 32, let start = Self(exactly: origin) else { return double - origin }
        let (distance, isTooFar) =
            self >= start
            ? subtractingReportingOverflow(start) : start.subtractingReportingOverflow(self)
        guard !isTooFar else { return double - origin }
        return self >= start ? Double(distance) : -Double(distance)
    }
}

extension UInt8: VoxelValue { package static var element: ElementType { .uint8 } }
extension Int8: VoxelValue { package static var element: ElementType { .int8 } }
extension UInt16: VoxelValue { package static var element: ElementType { .uint16 } }
extension Int16: VoxelValue { package static var element: ElementType { .int16 } }
extension UInt32: VoxelValue { package static var element: ElementType { .uint32 } }
extension Int32: VoxelValue { package static var element: ElementType { .int32 } }
extension UInt64: VoxelValue { package static var element: ElementType { .uint64 } }
extension Int64: VoxelValue { package static var element: ElementType { .int64 } }

extension Float: VoxelValue {
    package static var element: ElementType { .float32 }
    @inline(__always) package var float: Float { self }
    @inline(__always) package var double: Double { Double(self) }
    @inline(__always) package var swapped: Float { Float(bitPattern: bitPattern.byteSwapped) }
}

extension Double: VoxelValue {
    package static var element: ElementType { .float64 }
    @inline(__always) package var float: Float { Float(self) }
    @inline(__always) package var double: Double { self }
    @inline(__always) package var swapped: Double { Double(bitPattern: bitPattern.byteSwapped) }
}
