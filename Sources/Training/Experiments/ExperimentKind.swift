package import JSON

/// What an experiment compares.
package enum ExperimentKind: String, CaseIterable, Codable, Hashable, Sendable {
    /// Variants of a recipe, on annotated slices held out in turn.
    case crossvalidate
    /// Several numbers of annotated slices per axis.
    case slices
    /// Variants of a recipe, on a volume that was not learned from, each volume in turn.
    case transfer
    /// Presets, each with several budgets of seconds.
    case presets

    /// The heading of its report.
    package var title: String {
        switch self {
        case .crossvalidate: "Cross-validation over annotated slices"
        case .slices: "IoU against the number of annotated slices"
        case .transfer: "Training on all volumes but one, segmenting that one"
        case .presets: "IoU against seconds"
        }
    }
}

extension ExperimentKind {
    /// The variants that are compared by default.
    ///
    /// They are those of tables 1 and 3 of Çiçek et al. 2016, or the recipe itself.
    package var usualVariants: [JSONValue] {
        let batch = JSONValue.object(["norm": .string("batch")])
        let none = JSONValue.object(["norm": .string("none")])
        return switch self {
        case .crossvalidate:
            [batch, none, .object(["dimensions": .number(2), "norm": .string("batch")])]
        case .transfer: [batch, none]
        case .slices, .presets: [.object([:])]
        }
    }
}
