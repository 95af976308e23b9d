internal import Store
internal import Volumes

/// The entity tags of annotations, by which changes can be made conditional.
extension API {
    /// The tag of a slice in one of its formats.
    static func tag(of record: AnnotationRecord, as format: String, in project: ProjectRecord) -> String {
        ExportCache.tag(
            ["annotation", "\(record.revision)", format, project.classes.map(\.color).joined()])
    }

    /// The tag of the list of annotations.
    static func listTag(of current: [AnnotationRecord], of volume: VolumeRecord, in project: ProjectRecord) -> String {
        let classes = project.classes.flatMap { [$0.name, "\($0.isRemoved)"] }
        return ExportCache.tag(["annotations"] + current.identity(of: volume) + classes)
    }

    /// The tags of the list of annotations, and of the merged labels in all formats.
    func tags(of current: [AnnotationRecord], of volume: VolumeRecord, in project: ProjectRecord) -> [String] {
        guard !current.isEmpty else { return [] }
        return [Self.listTag(of: current, of: volume, in: project)]
            + Self.tags(of: current.identity(of: volume), look: look(of: project))
    }
}

extension [AnnotationRecord] {
    /// Changes whenever the merged labels do.
    func identity(of volume: VolumeRecord) -> [String] {
        ["labels", volume.identity, map { String($0.revision) }.joined(separator: " ")]
    }
}
