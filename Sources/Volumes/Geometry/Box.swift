/// A cuboid of voxels; parts of it may lie outside of a volume.
package struct Box: Codable, Hashable, Sendable {
    package var origin: Voxel
    package var extent: Extent

    package init(origin: Voxel = .zero, extent: Extent) {
        self.origin = origin
        self.extent = extent
    }

    /// The plane of a slice, as a box one voxel thick.
    package init(slice position: SlicePosition, of volume: Extent) {
        self.init(extent: volume)
        origin[position.axis] = position.index
        extent[position.axis] = 1
    }

    package var isEmpty: Bool { extent.z <= 0 || extent.y <= 0 || extent.x <= 0 }

    /// The indices that the box covers on an axis.
    package func range(_ axis: Axis) -> Range<Int> {
        origin[axis]..<(origin[axis] + max(extent[axis], 0))
    }

    /// The part that two boxes share; empty if they do not overlap.
    package func intersection(_ other: Box) -> Box {
        var shared = self
        for axis in Axis.allCases {
            let low = max(origin[axis], other.origin[axis])
            let high = min(origin[axis] + extent[axis], other.origin[axis] + other.extent[axis])
            shared.origin[axis] = low
            shared.extent[axis] = max(high - low, 0)
        }
        return shared
    }

    package func contains(_ other: Box) -> Bool { intersection(other) == other }
}
