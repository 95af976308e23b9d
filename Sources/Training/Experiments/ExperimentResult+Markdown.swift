extension ExperimentResult {
    /// A page in Markdown: the table of mean IoU, IoU by class, and every run.
    package var markdown: String {
        var lines = ["# \(kind.title)", "", explanation, ""]
        lines += table({ $0.meanIoU })
        lines += ["", "## By class", ""]
        for (value, name) in classes.enumerated() {
            lines += ["IoU of *\(Markdown.escaped(name))*:", ""] + table({ $0.iou[value] }) + [""]
        }
        lines += ["## Runs", ""]
        lines += Markdown.table(
            ["series", "run", "learnt from", "slices z, y, x", "scored on", "voxels", "steps", "training s"]
                + ["prediction s", "mean IoU"], left: 3, runs.map(Self.row))
        if !warnings.isEmpty {
            lines += ["", "## Warnings", ""] + warnings.map { "- \(Markdown.escaped($0))" }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var explanation: String {
        switch kind {
        case .crossvalidate:
            "Mean IoU over the classes on annotated slices that were held out, each subset in turn; voxels where "
                + "training slices cross them are not scored."
        case .slices:
            "Mean IoU over the classes by the number of annotated slices per axis. All numbers are scored on the same "
                + "voxels, which none of them learned from."
        case .transfer: "Mean IoU over the classes on a volume that was not learned from, each volume in turn."
        case .presets:
            "Mean IoU over the classes on the voxels that were not annotated, by the seconds of training; the plot has "
                + "those of training and prediction."
        }
    }

    /// Rows of labels, columns of series.
    private func table(_ value: (Point) -> Double?) -> [String] {
        var labels: [String] = []
        for point in series.flatMap(\.points) where !labels.contains(point.label) { labels.append(point.label) }
        let rows = labels.map { label in
            [label] + series.map { item in Markdown.share(item.points.first { $0.label == label }.flatMap(value)) }
        }
        let means = kind.hasMeans ? series.map { Markdown.share(mean($0.points.map(value))) } : nil
        return Markdown.table([""] + series.map(\.name), left: 1, rows, means: means)
    }

    private static func row(_ run: TrialResult) -> [String] {
        [
            run.series, run.label, run.learntFrom.joined(separator: ", "),
            ["z", "y", "x"].map { "\(run.slices[$0] ?? 0)" }.joined(separator: ", "),
            run.scoredOn.joined(separator: ", "), "\(run.voxels)", "\(run.steps)", seconds(run.seconds),
            seconds(run.predictionSeconds), Markdown.share(run.meanIoU),
        ]
    }

    private static func seconds(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
}
