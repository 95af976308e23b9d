internal import Text
package import Volumes

/// Warnings about labels that are poor to learn from, as sentences for users.
package enum LabelWarnings {
    /// With fewer annotated voxels than this a class is too rare to be learnt well.
    static let few = 100

    /// The warnings about the slices on the axes that a network learns from; nobody asks for the classes whose
    /// values are in `removed`.
    package static func of(
        _ volumes: [TrainingVolume], classes: [String], except removed: [Int] = [],
        axes: [Axis] = Axis.allCases
    ) -> [String] {
        let slices = volumes.flatMap(\.slices)
        let used = slices.filter { axes.contains($0.axis) }
        var counts = [Int](repeating: 0, count: 256)
        for slice in used { for value in slice.values { counts[Int(value)] += 1 } }
        var warnings: [String] = []
        let rest = slices.count - used.count
        if rest > 0 {
            warnings.append(
                "The network has 2 dimensions and learns from the \(used.count.counting("slice")) on axis z; \(rest) on "
                    + "other axes \(rest == 1 ? "is" : "are") left out, which "
                    + "\"sampling\":{\"planes\":\"all\"} takes as well.")
        } else if axes.count > 1 {
            warnings += onOneAxis(volumes)
        }
        let present = classes.indices.filter { counts[$0] > 0 }
        if let only = present.first, present.count == 1 {
            warnings.append(
                "Every annotated voxel is of the class \"\(classes[only])\"; annotate another class too, or there is "
                    + "nothing to distinguish.")
        }
        for (value, name) in classes.enumerated() where !removed.contains(value) {
            switch counts[value] {
            case 0: warnings.append("No voxel of the class \"\(name)\" is annotated, so nothing is learnt about it.")
            case ..<few:
                warnings.append(
                    "The class \"\(name)\" has only \(counts[value].counting("annotated voxel")); annotate \(few) or more."
                )
            default: break
            }
        }
        return warnings
    }

    /// The warning if all slices are on one axis, so that nothing shows how classes continue between them.
    private static func onOneAxis(_ volumes: [TrainingVolume]) -> [String] {
        let axes = Set(volumes.flatMap(\.slices).map(\.axis))
        guard let axis = axes.first, axes.count == 1,
            volumes.contains(where: { !$0.slices.isEmpty && $0.image.header.extent[axis] > 1 })
        else { return [] }
        let others = Axis.allCases.filter { $0 != axis }.map(\.rawValue).joined(separator: " or ")
        return [
            "Only slices on axis \(axis.rawValue) are annotated; one on \(others) shows how the classes continue from "
                + "slice to slice."
        ]
    }
}
