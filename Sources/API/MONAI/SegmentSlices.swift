internal import HTTP
internal import Volumes

/// The slices in which a person has painted segments, found in a volume that does not tell.
struct SegmentSlices: Sendable {
    let axis: Axis
    /// By index on the axis.
    let planes: [Bool]

    /// `painted` is as for `GroundedLabels`.
    ///
    /// Painted slices show: along their axis segments end after a voxel, or a few where neighbours were painted.
    /// Solid bodies are taken as slices on z.
    init(in painted: any VoxelSource) throws {
        let share = try SegmentThickness(of: painted)
        let single = Axis.allCases.filter { axis in
            share.few(axis) > 0.9 && Axis.allCases.allSatisfy { $0 == axis || share.few($0) < 0.5 }
        }
        if painted.header.extent.z == 1 {
            axis = .z
        } else if let first = single.first {
            axis = first
        } else if share.single <= 0.75 {
            axis = .z
        } else {
            throw HTTPError.invalid(
                "it can't be told in which slices segments were painted: they are single slices on more than one axis, "
                    + "or only lines or dots. Submit the slices of one axis at a time, or say by {\"name\": "
                    + "\"background\", \"idx\": 0} or {\"name\": \"unlabeled\", \"idx\": 0} in label_info what 0 is",
                field: "label")
        }
        planes = try Self.planes(of: painted, axis)
    }

    func contains(_ z: Int, _ y: Int, _ x: Int) -> Bool {
        switch axis {
        case .z: planes[z]
        case .y: planes[y]
        case .x: planes[x]
        }
    }

    private static func planes(of painted: any VoxelSource, _ axis: Axis) throws -> [Bool] {
        var planes = [Bool](repeating: false, count: painted.header.extent[axis])
        for box in painted.header.slabs(bytes: 8 << 20) {
            let labels = try painted.labels(box)
            var place = 0
            for z in box.range(.z) {
                for y in box.range(.y) {
                    for x in box.range(.x) {
                        if GroundedLabels.isSegment(labels[place]) {
                            planes[axis == .z ? z : axis == .y ? y : x] = true
                        }
                        place += 1
                    }
                }
            }
        }
        return planes
    }
}
