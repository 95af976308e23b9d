internal import Volumes

/// How thick segments are: shares of their voxels, 0 to 1.
struct SegmentThickness: Sendable {
    /// The most neighbouring slices that still show as such.
    private static let few = 3

    private var voxels = 0
    /// Voxels of segments at most `few` voxels thick, by axis (z, y, x).
    private var fews = [0, 0, 0]
    private var singles = 0

    /// Those of segments a few voxels thick along an axis.
    func few(_ axis: Axis) -> Double { share(fews[Axis.allCases.firstIndex(of: axis) ?? 0]) }

    /// Those of segments one voxel thick, along whichever axis.
    var single: Double { share(singles) }

    private func share(_ count: Int) -> Double { Double(count) / Double(max(voxels, 1)) }

    init(of painted: any VoxelSource) throws {
        let border = Self.few
        for box in painted.header.slabs(bytes: 8 << 20) {
            // Outside of the volume there is no segment.
            var wide = box
            for axis in Axis.allCases {
                wide.origin[axis] -= border
                wide.extent[axis] += 2 * border
            }
            let labels = try painted.labels(wide)
            let steps = [wide.extent.y * wide.extent.x, wide.extent.x, 1]
            for z in 0..<box.extent.z {
                for y in 0..<box.extent.y {
                    let row = ((z + border) * wide.extent.y + y + border) * wide.extent.x + border
                    for place in row..<row + box.extent.x where GroundedLabels.isSegment(labels[place]) {
                        note(labels, place, steps)
                    }
                }
            }
        }
    }

    private mutating func note(_ labels: [UInt8], _ place: Int, _ steps: [Int]) {
        voxels += 1
        var isSingle = false
        for axis in 0..<3 {
            var thickness = 1
            for step in [steps[axis], -steps[axis]] {
                var next = place + step
                while thickness <= Self.few, GroundedLabels.isSegment(labels[next]) {
                    thickness += 1
                    next += step
                }
            }
            if thickness <= Self.few { fews[axis] += 1 }
            if thickness == 1 { isSingle = true }
        }
        if isSingle { singles += 1 }
    }
}
