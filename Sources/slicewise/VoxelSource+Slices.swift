internal import Volumes

extension VoxelSource {
    /// `count` slices per axis of a label volume, at the indices ⌊(i + ½)·n / count⌋.
    func evenSlices(_ count: Int) throws -> [AnnotatedSlice] {
        try Axis.allCases.flatMap { axis in
            try (0..<count).map { part in
                let index = (2 * part + 1) * header.extent[axis] / (2 * count)
                return try slice(at: SlicePosition(axis, index))
            }
        }
    }
}
