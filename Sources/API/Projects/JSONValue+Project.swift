internal import JSON
internal import Store

extension JSONValue {
    init(_ project: ProjectRecord) {
        self = [
            "name": .string(project.name),
            "description": .string(project.description),
            "classes": .array(
                project.classes.map { ["name": .string($0.name), "color": .string($0.color)] }),
            "created": .time(project.created),
        ]
    }
}
