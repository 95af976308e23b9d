internal import JSON
internal import Store
internal import Volumes

extension JSONValue {
    /// The revisions of a change; those of a trial have no numbers.
    init(_ change: AnnotationChange, isTrial: Bool = false, classes: [ClassRecord]) {
        let slices = change.revisions.map { record, conflicts -> JSONValue in
            [
                "revision": isTrial ? .null : .integer(Int(record.revision)),
                "axis": .string(record.axis.rawValue),
                "index": .integer(record.index),
                "cleared": .bool(record.cleared),
                "voxels": .voxels(record.counts, classes: classes),
                "conflicts": .integer(conflicts),
            ]
        }
        self = [
            "change": isTrial ? .null : change.number.map { .integer(Int($0)) } ?? .null,
            "slices": .array(slices),
            "conflicts": .integer(change.revisions.reduce(0) { $0 + $1.conflicts }),
        ]
    }

    /// The same of a label volume, with what it holds and how many voxels differ from what was annotated.
    init(_ change: AnnotationChange, _ found: LabelComparison.Outcome, isTrial: Bool, classes: [ClassRecord]) {
        self.init(change, isTrial: isTrial, classes: classes)
        guard case .object(var object) = self else { return }
        object["voxels"] = .voxels(found.labels.counts, classes: classes)
        object["unlabeled"] = .integer(found.labels.unlabeled)
        object["outside"] = .integer(found.labels.outside)
        object["labelled"] = .integer(found.difference.labelled)
        object["relabelled"] = .integer(found.difference.relabelled)
        object["erased"] = .integer(found.difference.erased)
        self = .object(object)
    }
}
