extension ExperimentResult {
    /// The plot of the result: lines over slices or seconds, bars over subsets or volumes.
    ///
    /// `others` are lines of other programs; they are added only to plots with lines.
    package func chart(with others: [Chart.Line] = []) -> Chart {
        let axis: Chart.Axis =
            switch kind {
            case .crossvalidate, .transfer: .names(labels + ["mean"])
            case .slices: .numbers("annotated slices per axis", isLogarithmic: false)
            case .presets: .numbers("seconds of training and prediction", isLogarithmic: true)
            }
        let lines = series.map { item in
            Chart.Line(
                name: item.name,
                points: item.points.compactMap { point in
                    let place = kind.hasMeans ? labels.firstIndex(of: point.label).map(Double.init) : point.x
                    guard let place, let height = point.meanIoU else { return nil }
                    return Chart.Point(x: place, y: height)
                } + (item.meanIoU.map { [Chart.Point(x: Double(labels.count), y: $0)] } ?? []))
        }
        return Chart(title: kind.title, axis: axis, measure: "mean IoU", lines: lines + (kind.hasMeans ? [] : others))
    }

    private var labels: [String] {
        var labels: [String] = []
        for point in series.flatMap(\.points) where !labels.contains(point.label) { labels.append(point.label) }
        return labels
    }
}
