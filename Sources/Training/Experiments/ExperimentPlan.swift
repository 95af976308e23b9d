internal import Text
internal import Volumes

/// A complete description of an experiment: its trainings, and what they are scored on.
package struct ExperimentPlan: Codable, Hashable, Sendable {
    package var kind: ExperimentKind
    /// Names of the classes.
    package var classes: [String]
    package var trials: [Trial]

    package init(kind: ExperimentKind, classes: [String], trials: [Trial]) {
        self.kind = kind
        self.classes = classes
        self.trials = trials
    }

    /// Throws if a variant does not fit the volumes, before anything is trained.
    static func check(
        _ variants: [ExperimentVariant], on subjects: [ExperimentSubject], classes: [String]
    ) throws(TrainingError) {
        for variant in variants {
            _ = try variant.recipe.resolved(for: subjects.map(\.header), classes: classes.count)
        }
    }

    /// Compares variants of a recipe on annotated slices; every slice is held out in one of the folds.
    ///
    /// A fold has slices of every axis and volume as evenly as their numbers allow. The held-out slices are scored
    /// except on the lines where training slices cross them.
    package static func crossvalidation(
        _ subjects: [ExperimentSubject], classes: [String], folds: Int, variants: [ExperimentVariant], budget: Budget?
    ) throws(TrainingError) -> ExperimentPlan {
        try check(variants, on: subjects, classes: classes)
        let dealt = deal(subjects)
        guard dealt.count >= folds else {
            throw .invalid(
                field: "folds",
                detail:
                    "are \(folds); there \(dealt.count == 1 ? "is" : "are") \(dealt.count.counting("annotated slice")), and each fold needs one"
            )
        }
        var trials: [Trial] = []
        for variant in variants {
            for fold in 0..<folds {
                let heldOut = dealt.indices.filter { $0 % folds == fold }.map { dealt[$0] }
                let training = dealt.indices.filter { $0 % folds != fold }.map { dealt[$0] }
                let volumes = subjects.map(\.name).filter { name in heldOut.contains { $0.volume == name } }
                trials.append(
                    Trial(
                        series: variant.name, label: "subset \(fold + 1)", training: training,
                        test: Trial.Test(slices: heldOut, volumes: volumes, except: training),
                        recipe: variant.recipe, budget: budget ?? variant.recipe.preset.budget))
            }
        }
        return ExperimentPlan(kind: .crossvalidate, classes: classes, trials: trials)
    }

    /// The slices in an order such that every n-th ones are spread over volumes and axes; each axis begins with another
    /// index, so that no fold has the first slice of each.
    private static func deal(_ subjects: [ExperimentSubject]) -> [VolumeSlice] {
        var groups: [[VolumeSlice]] = []
        for subject in subjects {
            for axis in Axis.allCases {
                groups.append(subject.slices.filter { $0.axis == axis }.sorted { $0.index < $1.index })
            }
        }
        return groups.enumerated().flatMap { number, group in
            let start = group.isEmpty ? 0 : number % group.count
            return group[start...] + group[..<start]
        }
    }

    /// Compares variants on a volume that is not learned from: each volume in turn.
    package static func transfer(
        _ subjects: [ExperimentSubject], classes: [String], variants: [ExperimentVariant], budget: Budget?
    ) throws(TrainingError) -> ExperimentPlan {
        try check(variants, on: subjects, classes: classes)
        var trials: [Trial] = []
        for variant in variants {
            for target in subjects {
                let training = subjects.filter { $0.name != target.name }.flatMap(\.slices)
                guard !training.isEmpty else { continue }
                trials.append(
                    Trial(
                        series: variant.name, label: target.name, training: training,
                        test: Trial.Test(slices: target.hasTruth ? nil : target.slices, volumes: [target.name]),
                        recipe: variant.recipe, budget: budget ?? variant.recipe.preset.budget))
            }
        }
        guard subjects.count > 1, !trials.isEmpty else {
            throw .invalid(
                field: "volumes",
                detail: "are too few: transfer learns from all volumes but one and segments that one, so it needs two "
                    + "volumes, one with annotated slices and another with annotated slices or a truth")
        }
        return ExperimentPlan(kind: .transfer, classes: classes, trials: trials)
    }

    /// Compares presets with several budgets each, on volumes that are learned one at a time.
    ///
    /// A training learns from the slices of a subject and is scored on its truth. It learns only the subject's own
    /// classes, as the volumes need not have the same ones.
    package static func presets(
        _ subjects: [ExperimentSubject], classes: [String], variants: [ExperimentVariant], seconds: [Double]
    ) throws(TrainingError) -> ExperimentPlan {
        try check(variants, on: subjects, classes: classes)
        if let sparse = subjects.first(where: { !$0.hasTruth }) {
            throw .invalid(field: "volumes", detail: "need a dense truth to score on; \(sparse.name) has none")
        }
        var trials: [Trial] = []
        for variant in variants {
            for budget in seconds.sorted() {
                for subject in subjects {
                    trials.append(
                        Trial(
                            series: variant.name, label: "\(Chart.text(budget)) s", x: budget, training: subject.slices,
                            test: Trial.Test(slices: nil, volumes: [subject.name], except: subject.slices),
                            recipe: variant.recipe, budget: Budget(seconds: budget), classes: subject.classes))
                }
            }
        }
        return ExperimentPlan(kind: .presets, classes: classes, trials: trials)
    }
}
