/// The number type of a voxel as a file stores it.
package enum ElementType: String, CaseIterable, Codable, Hashable, Sendable {
    case uint8, int8, uint16, int16, uint32, int32, uint64, int64, float32, float64

    /// Bytes of one voxel of one channel.
    package var size: Int {
        switch self {
        case .uint8, .int8: 1
        case .uint16, .int16: 2
        case .uint32, .int32, .float32: 4
        case .uint64, .int64, .float64: 8
        }
    }

    /// Whether voxels may be NaN or infinite.
    package var isFloatingPoint: Bool { self == .float32 || self == .float64 }
}

/// Work on numbers whose type is known only at run time.
protocol VoxelWork {
    associatedtype Result
    func callAsFunction<Value: VoxelValue>(_ type: Value.Type) throws -> Result
}

extension ElementType {
    /// Runs work that is compiled for each number type with this one.
    func run<Work: VoxelWork>(_ work: Work) throws -> Work.Result {
        switch self {
        case .uint8: try work(UInt8.self)
        case .int8: try work(Int8.self)
        case .uint16: try work(UInt16.self)
        case .int16: try work(Int16.self)
        case .uint32: try work(UInt32.self)
        case .int32: try work(Int32.self)
        case .uint64: try work(UInt64.self)
        case .int64: try work(Int64.self)
        case .float32: try work(Float.self)
        case .float64: try work(Double.self)
        }
    }
}
