internal import JSON

extension OpenAPI {
    static let projectSchemas: KeyValuePairs<String, JSONValue> = [
        "Class": ProjectRequest.classSchema,
        "ProjectRequest": ProjectRequest.schema,
        "Project": record(
            "A list of classes that volumes, annotations and models share.",
            [
                "name": text("The project's name", example: "kidney"),
                "description": text("What it is about; empty if nobody said"),
                "classes": list(of: "Class", "The classes in order: the first is label 0"),
                "created": time("When it was made"),
            ]),
    ]
}
