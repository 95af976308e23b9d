internal import JSON
internal import Store
internal import Volumes

extension JSONValue {
    /// Numbers of voxels by class name in the project's order, with zeros; unlabeled voxels last.
    static func voxels(_ counts: [Int: Int], classes: [ClassRecord]) -> JSONValue {
        var members = classes.enumerated().compactMap { value, record -> JSONObject.Member? in
            let count = counts[value] ?? 0
            return record.isRemoved && count == 0 ? nil : JSONObject.Member(name: record.name, value: .integer(count))
        }
        members.append(
            JSONObject.Member(name: "unlabeled", value: .integer(counts[Int(AnnotatedSlice.unlabeled)] ?? 0)))
        return .object(JSONObject(members))
    }

    /// A revision as shown in lists.
    init(_ annotation: AnnotationRecord, classes: [ClassRecord]) {
        self = [
            "axis": .string(annotation.axis.rawValue),
            "index": .integer(annotation.index),
            "revision": .integer(Int(annotation.revision)),
            "change": .integer(Int(annotation.change)),
            "author": .optional(annotation.author),
            "created": .time(annotation.created),
            "cleared": .bool(annotation.cleared),
            "role": .string(annotation.role.rawValue),
            "voxels": .voxels(annotation.counts, classes: classes),
        ]
    }

    /// A revision as shown in the answer to the request that made it.
    ///
    /// `unlabeled` is how many voxels of what was sent were taken as unlabeled; those of the slice if not given.
    init(posted annotation: AnnotationRecord, conflicts: Int, unlabeled: Int? = nil, classes: [ClassRecord]) {
        self = [
            "revision": .integer(Int(annotation.revision)),
            "axis": .string(annotation.axis.rawValue),
            "index": .integer(annotation.index),
            "author": .optional(annotation.author),
            "role": .string(annotation.role.rawValue),
            "voxels": .voxels(annotation.counts, classes: classes),
            "unlabeled": .integer(unlabeled ?? annotation.counts[Int(AnnotatedSlice.unlabeled)] ?? 0),
            "conflicts": .integer(conflicts),
        ]
    }
}
