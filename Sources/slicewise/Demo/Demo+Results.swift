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

    /// Writes pictures of one slice per axis that is not annotated, and returns the names of the files.
    ///
    /// A picture shows image, annotation, prediction and truth side by side.
    func writePictures(annotated: [AnnotatedSlice], prediction: any VoxelSource) throws -> [String] {
        let extent = phantom.truth.header.extent
        let montage = Montage(
            image: phantom.image, statistics: try ChannelStatistics.measure(phantom.image),
            pictures: [
                .init(), .init(labels: SparseLabels(of: phantom.image.header, slices: annotated), brightness: 0.4),
                .init(labels: prediction), .init(labels: phantom.truth),
            ],
            colors: classes.compactMap { Color(hex: $0.color) }, scale: 2)
        let slices = Axis.allCases.map { axis in
            SlicePosition(axis, Self.unseen(annotated.filter { $0.axis == axis }.map(\.index), of: extent[axis]))
        }
        var names: [String] = []
        for slice in slices {
            names.append("\(slice.axis.rawValue)-\(slice.index).png")
            try Data(montage.png(slice)).write(to: folder.appending(path: names[names.count - 1]))
        }
        names.append("overview.png")
        try Data(montage.png(slices)).write(to: folder.appending(path: "overview.png"))
        return names
    }

    /// The slice farthest from annotated ones; of several, the one nearest to the middle.
    private static func unseen(_ annotated: [Int], of count: Int) -> Int {
        let first = annotated.min() ?? 0
        let last = annotated.max() ?? count - 1
        let candidates = first < last ? Array(first...last) : Array(0..<count)
        let rank = { (index: Int) in (annotated.map { abs($0 - index) }.min() ?? 0, -abs(index - count / 2)) }
        return candidates.max { rank($0) < rank($1) } ?? count / 2
    }
}
