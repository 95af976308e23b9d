internal import Text

extension Report {
    /// The parts with what they are scored on.
    private var parts: [(key: String, title: String, scores: Scores?)] {
        [
            ("training", "On slices that it has learned from", training), ("heldout", "On held-out slices", heldout),
            ("truth", "On the truth, without annotated voxels", truth),
        ]
    }

    /// A page in Markdown: the scores of each class, by part, and the warnings.
    package func markdown(volume: String) -> String {
        var lines = ["# \(model) on \(volume)"]
        for (_, title, scores) in parts {
            lines += ["", "## \(title)", ""]
            guard let scores else {
                lines.append("There is nothing to compare with.")
                continue
            }
            lines += ["\(scores.voxels.counting("voxel")).", ""]
            lines += Markdown.table(
                ["class", "IoU", "Dice", "TP", "FP", "FN"], left: 1,
                scores.classes.map { one in
                    let counts = [one.tp, one.fp, one.fn].map { "\($0)" }
                    return [one.name, Markdown.share(one.iou), Markdown.share(one.dice)] + counts
                }, means: [Markdown.share(scores.meanIoU), "", "", "", ""])
        }
        if !warnings.isEmpty { lines += ["", "## Warnings", ""] + warnings.map { "- \(Markdown.escaped($0))" } }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A record for each class of each part, and one for its mean, whose class is empty.
    package func csv(volume: String) -> String {
        let head = ["model", "volume", "part", "class", "voxels", "tp", "fp", "fn", "iou", "dice"]
        let records = parts.flatMap { key, _, scores -> [[String]] in
            guard let scores else { return [] }
            let classes = scores.classes.map { one in
                [
                    model, volume, key, one.name, "\(one.tp + one.fn)", "\(one.tp)", "\(one.fp)", "\(one.fn)",
                    CSV.number(one.iou), CSV.number(one.dice),
                ]
            }
            return classes + [
                [model, volume, key, "", "\(scores.voxels)", "", "", "", CSV.number(scores.meanIoU), ""]
            ]
        }
        return CSV.text([head] + records)
    }
}
