/// What a box that extends beyond a volume holds outside of it.
package enum Border: String, Codable, Hashable, Sendable {
    /// The volume reflected at its outermost voxels, which are not repeated.
    case mirror
    /// The nearest voxel of the volume.
    case clamp
    /// Zeros.
    case zero

    /// The index in `0..<count` whose voxel an index outside gets; `nil` for the value zero.
    func inside(_ index: Int, count: Int) -> Int? {
        if index >= 0 && index < count { return index }
        switch self {
        case .zero: return nil
        case .clamp: return index < 0 ? 0 : count - 1
        case .mirror:
            guard count > 1 else { return 0 }
            let period = 2 * (count - 1)
            let phase = ((index % period) + period) % period
            return phase < count ? phase : period - phase
        }
    }
}
