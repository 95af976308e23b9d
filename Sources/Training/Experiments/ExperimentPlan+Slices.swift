internal import Volumes

extension ExperimentPlan {
    /// The numbers of slices per axis that are compared by default.
    package static let counts = [1, 2, 4]

    /// Compares numbers of annotated slices per axis, for each volume by itself.
    ///
    /// The slices are evenly spaced among those annotated. All counts are scored on the same voxels, on no plane that
    /// any of them learns from: those of the dense truth, or else of the remaining annotated slices. In the latter
    /// case smaller choices are subsets of larger ones, so that more slices remain. If `counts` is `nil`, those of 1,
    /// 2 and 4 that leave slices to score are used.
    package static func slices(
        _ subjects: [ExperimentSubject], classes: [String], counts: [Int]?, variants: [ExperimentVariant],
        budget: Budget?
    ) throws(TrainingError) -> ExperimentPlan {
        try check(variants, on: subjects, classes: classes)
        let wanted = counts ?? possible(subjects)
        var trials: [Trial] = []
        for variant in variants {
            for subject in subjects {
                let (chosen, test) = try choose(wanted, of: subject)
                let names = [
                    subjects.count > 1 ? subject.name : nil,
                    subjects.count > 1 && variants.count == 1 ? nil : variant.name,
                ]
                for (count, training) in zip(wanted.sorted(), chosen) {
                    trials.append(
                        Trial(
                            series: names.compactMap(\.self).joined(separator: ", "), label: "\(count) per axis",
                            x: Double(count), training: training, test: test, recipe: variant.recipe,
                            budget: budget ?? variant.recipe.preset.budget))
                }
            }
        }
        return ExperimentPlan(kind: .slices, classes: classes, trials: trials)
    }

    /// The slices that each count learns from, from the smallest count up, and what all are scored on.
    private static func choose(
        _ counts: [Int], of subject: ExperimentSubject
    ) throws(TrainingError) -> (chosen: [[VolumeSlice]], test: Trial.Test) {
        var chosen: [[VolumeSlice]] = []
        for count in counts.sorted(by: >) {
            let pool = subject.hasTruth ? subject.slices : chosen.last ?? subject.slices
            chosen.append(pool.evenlySpaced(count))
        }
        let used = Set(chosen.joined())
        let all = subject.slices.filter { used.contains($0) }
        if subject.hasTruth {
            return (chosen.reversed(), Trial.Test(slices: nil, volumes: [subject.name], except: all))
        }
        let rest = subject.slices.filter { !used.contains($0) }
        guard !rest.isEmpty else {
            let there = Axis.allCases.map { axis in
                "\(subject.slices.count { $0.axis == axis }) on \(axis.rawValue)"
            }
            throw .invalid(
                field: "counts",
                detail: "leave no slice of \(subject.name) to score, which has \(there.joined(separator: ", ")); "
                    + "use smaller counts, annotate more slices or add a dense truth")
        }
        return (chosen.reversed(), Trial.Test(slices: rest, volumes: [subject.name], except: all))
    }

    /// The default counts that leave slices to score on every volume, or all default counts if none does.
    private static func possible(_ subjects: [ExperimentSubject]) -> [Int] {
        let fitting = counts.filter { count in
            subjects.allSatisfy { subject in
                subject.hasTruth
                    || Axis.allCases.contains { axis in subject.slices.count { $0.axis == axis } > count }
            }
        }
        return fitting.isEmpty ? counts : fitting
    }
}
