internal import Volumes

/// The result of an experiment: a table of series by points, and every single run.
package struct ExperimentResult: Codable, Hashable, Sendable {
    /// A cell of the table: the mean over the runs that belong to it.
    package struct Point: Codable, Hashable, Sendable {
        package var label: String
        package var x: Double?
        package var meanIoU: Double?
        /// One for each class.
        package var iou: [Double?]
        /// The number of runs in the mean.
        package var runs: Int

        package enum CodingKeys: String, CodingKey {
            case label, x, iou, runs
            case meanIoU = "mean_iou"
        }
    }

    /// A column of the table, or a line of the plot.
    package struct Series: Codable, Hashable, Sendable {
        package var name: String
        package var recipe: Recipe
        package var budget: Budget?
        /// The mean over the points if these are subsets or volumes; `nil` for numbers of slices or seconds.
        package var meanIoU: Double?
        package var points: [Point]

        package enum CodingKeys: String, CodingKey {
            case name, recipe, budget, points
            case meanIoU = "mean_iou"
        }
    }

    package var kind: ExperimentKind
    package var classes: [String]
    package var series: [Series]
    package var runs: [TrialResult]
    package var warnings: [String]

    /// `results` belong to the first trials of the plan, in its order; the rest may be missing.
    package init(_ plan: ExperimentPlan, _ results: [TrialResult], warnings: [String] = []) {
        kind = plan.kind
        classes = plan.classes
        runs = results
        self.warnings = warnings
        if results.count < plan.trials.count {
            self.warnings.append("Only \(results.count) of \(plan.trials.count) runs were done.")
        }
        for result in results {
            guard let error = result.error else { continue }
            self.warnings.append("\(result.series), \(result.label): \(error)")
        }
        series = []
        for trial in plan.trials where !series.contains(where: { $0.name == trial.series }) {
            let mine = results.filter { $0.series == trial.series }
            var points: [Point] = []
            for result in mine where !points.contains(where: { $0.label == result.label }) {
                points.append(Self.point(result.label, mine.filter { $0.label == result.label }, of: plan))
            }
            let budgets = Set(plan.trials.filter { $0.series == trial.series }.map(\.budget))
            series.append(
                Series(
                    name: trial.series, recipe: trial.recipe, budget: budgets.count == 1 ? trial.budget : nil,
                    meanIoU: plan.kind.hasMeans ? mean(points.map(\.meanIoU)) : nil, points: points))
        }
        if plan.kind == .slices, let first = series.first, series.count > 1,
            series.allSatisfy({ $0.recipe == first.recipe })
        {
            series.append(Self.averaged(series, like: first))
        }
        let acrossPlanes = plan.trials.contains { trial in
            let axes = trial.recipe.sampling.learnedAxes(in: trial.recipe.dimensions)
            return trial.training.contains { !axes.contains($0.axis) }
        }
        if acrossPlanes {
            self.warnings.append(
                "A 2D network learns from the slices on axis z alone, unless \"sampling\":{\"planes\":\"all\"} says "
                    + "otherwise.")
        }
    }

    /// The mean over volumes of the points of one recipe.
    private static func averaged(_ series: [Series], like first: Series) -> Series {
        let points = first.points.map { point in
            let twins = series.flatMap(\.points).filter { $0.label == point.label }
            return Point(
                label: point.label, x: point.x, meanIoU: mean(twins.map(\.meanIoU)),
                iou: point.iou.indices.map { value in mean(twins.map { $0.iou[value] }) },
                runs: twins.reduce(0) { $0 + $1.runs })
        }
        return Series(name: "mean", recipe: first.recipe, budget: first.budget, meanIoU: nil, points: points)
    }

    private static func point(_ label: String, _ runs: [TrialResult], of plan: ExperimentPlan) -> Point {
        // The time that a user waits for: training and prediction.
        let waited = mean(runs.map { $0.seconds + $0.predictionSeconds })
        return Point(
            label: label, x: plan.kind == .presets ? waited : runs.first?.x, meanIoU: mean(runs.map(\.meanIoU)),
            iou: plan.classes.indices.map { value in mean(runs.map { $0.iou[value] }) }, runs: runs.count)
    }
}

extension ExperimentKind {
    /// Whether a mean over the rows of the table is meaningful.
    var hasMeans: Bool { self == .crossvalidate || self == .transfer }
}

/// The mean of the values that are not `nil`; `nil` if there are none.
func mean(_ values: [Double?]) -> Double? {
    let known = values.compactMap(\.self)
    return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
}
