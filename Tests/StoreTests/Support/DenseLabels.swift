import Store
import Volumes

/// The labels of a volume voxel by voxel, those of each axis's slices for themselves: the plain way to count conflicts.
struct DenseLabels {
    let extent: Extent
    private var labels: [Axis: [UInt8]]

    init(_ extent: Extent) {
        self.extent = extent
        labels = Dictionary(
            uniqueKeysWithValues: Axis.allCases.map {
                ($0, [UInt8](repeating: AnnotatedSlice.unlabeled, count: extent.voxels))
            })
    }

    /// Where the voxels of a slice are, in the order of its values.
    private func places(_ position: SlicePosition) -> [Int] {
        let plane = Box(slice: position, of: extent)
        return plane.range(.z).flatMap { z in
            plane.range(.y).flatMap { y in plane.range(.x).map { x in (z * extent.y + y) * extent.x + x } }
        }
    }

    mutating func put(_ values: [UInt8]?, at position: SlicePosition) {
        for (number, place) in places(position).enumerated() {
            labels[position.axis]?[place] = values?[number] ?? AnnotatedSlice.unlabeled
        }
    }

    /// The labelled voxels of a slice that differ from a label of another axis's slice.
    func conflicts(of values: [UInt8], at position: SlicePosition) -> Int {
        zip(values, places(position)).count { value, place in
            value != AnnotatedSlice.unlabeled
                && labels.contains { axis, labels in
                    axis != position.axis && labels[place] != AnnotatedSlice.unlabeled && labels[place] != value
                }
        }
    }
}
