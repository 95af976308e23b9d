internal import JSON
internal import Store

extension JSONValue {
    init(_ project: ProjectRecord) {
        self = [
            "name": .string(project.name),
            "description": .string(project.description),
            "classes": .array(project.classes.map { JSONValue($0) }),
            "model": .optional(project.model),
            "created": .time(project.created),
        ]
    }

    private init(_ item: ClassRecord) {
        var members: JSONObject = ["name": .string(item.name), "color": .string(item.color)]
        if item.isRemoved { members["removed"] = true }
        self = .object(members)
    }
}
