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
                "model": orNull(
                    text("The model that it goes by where none is named; null for the newest finished one")),
                "created": time("When it was made"),
            ]),
    ]
}
