internal import Foundation
internal import Text

/// Warnings about what a training has learned, as sentences for users.
package enum LearningWarnings {
    /// The mean IoU on slices that were learned from, below which a model is doubtful.
    static let leastLearned = 0.5
    /// With fewer steps a new network has hardly begun; with this many the loss has mostly settled.
    private static let (fewSteps, manySteps) = (40, 400)
    /// The mean loss of the last quarter of the steps, as a share of that of the quarter before, that is no longer falling.
    private static let settled = 0.8

    /// The warning about a prediction of slices that the model learned from; `nil` if it agrees with them.
    package static func of(_ meanIoU: Double?, on slices: String) -> String? {
        guard let meanIoU, meanIoU < leastLearned else { return nil }
        return "The model does not reproduce \(slices): mean IoU \(meanIoU.rounded). Don't rely on its predictions; "
            + "train for longer, and look whether the labels lie where the image shows them, and whether its contrast "
            + "tells the classes apart."
    }

    /// The share of the cores that other programs may use before it counts as why there were few steps.
    private static let busy = 0.15

    /// The warning about too few steps, with their number and the reason; `losses` are in equal distances, `others` is
    /// the share of the cores that other programs used meanwhile.
    package static func of(
        losses: [Double], steps: Int, seconds: Double, budget: Budget, others: Double, isNew: Bool
    ) -> String? {
        guard steps > 0, steps < manySteps else { return nil }
        let quarter = losses.count / 4
        func mean(_ values: ArraySlice<Double>) -> Double { values.reduce(0, +) / Double(max(values.count, 1)) }
        let last = mean(losses.suffix(quarter)), before = mean(losses.dropLast(quarter).suffix(quarter))
        let falls = quarter > 1 && last < settled * before
        guard falls || isNew && steps < fewSteps else { return nil }
        let each = seconds / Double(steps)
        let pace =
            others > busy
            ? ": other programs used \((100 * others).formatted(digits: 0)) % of the cores"
            : each < 0.1 ? "" : ": a step takes \(each.formatted(digits: 1)) seconds here"
        let why = falls ? "the loss was still falling" : "a new network needs some hundred"
        let advice =
            budget.seconds == nil || (budget.steps ?? .max) <= steps
            ? "allow more steps"
            : "allow more seconds, or take smaller patches (the recipe \"fast\" does)"
        return
            "\(steps.counting("step")) in \(seconds.formatted(digits: 0)) s\(pace); \(why), so the model could still become "
            + "better: \(advice)."
    }
}

extension Double {
    func formatted(digits: Int) -> String { String(format: "%.\(digits)f", self) }

    /// With two digits, as scores are quoted.
    var rounded: String { formatted(digits: 2) }
}

extension Double? {
    var rounded: String { self?.rounded ?? "none" }
}
