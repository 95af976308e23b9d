internal import Foundation
internal import Volumes

extension Demo {
    /// IoU of every class and their mean, a row for each round.
    func table(of rounds: [Round]) -> String {
        var table = TextTable(["slices per axis", "annotated"] + classes.map(\.name) + ["mean IoU", "steps", "time"])
        for round in rounds {
            table.add(
                ["\(round.slices)", Self.percent(round.annotated)]
                    + round.score.classes.map { TextTable.share($0.iou) }
                    + [
                        TextTable.share(round.score.mean_iou), round.steps.map { "\($0)" } ?? "–",
                        ProgressLine.duration(round.seconds),
                    ])
        }
        return table.text
    }

    /// Writes pictures of a slice on each axis that nobody annotated: image, annotation, prediction and truth side by
    /// side. Gives back the names of the files.
    func writePictures(annotated: [AnnotatedSlice], prediction: any VoxelSource) throws -> [String] {
        let extent = phantom.truth.header.extent
        let montage = Montage(
            image: phantom.image, statistics: try ChannelStatistics.measure(phantom.image),
            overlays: [nil, SparseLabels(of: phantom.image.header, slices: annotated), prediction, phantom.truth],
            colors: classes.compactMap { Color(hex: $0.color) }, scale: 2)
        let slices = Axis.allCases.map { axis in
            let taken = annotated.filter { $0.axis == axis }.map(\.index)
            let middle = extent[axis] / 2
            // Of the slices that are farthest from every annotated one, that nearest to the middle.
            let distance = { (index: Int) in taken.map { abs($0 - index) }.min() ?? 0 }
            let best = (0..<extent[axis]).max { (distance($0), -abs($0 - middle)) < (distance($1), -abs($1 - middle)) }
            return (axis: axis, index: best ?? middle)
        }
        var names: [String] = []
        for (axis, index) in slices {
            names.append("\(axis.rawValue)-\(index).png")
            try Data(montage.png(axis: axis, index: index)).write(to: folder.appending(path: names[names.count - 1]))
        }
        names.append("overview.png")
        try Data(montage.png(slices)).write(to: folder.appending(path: "overview.png"))
        return names
    }
}
