internal import JSON
internal import Training

extension OpenAPI {
    /// The schemas of the bodies of requests and answers, by name.
    ///
    /// Those of a resource stand beside it; name its list here. Every property has a meaning, see `OpenAPI+Parts.swift`.
    static var schemas: JSONObject {
        let groups: [KeyValuePairs<String, JSONValue>] = [
            serverSchemas, wordSchemas, projectSchemas, volumeSchemas, brickSchemas, shareSchemas, annotationSchemas,
            jobSchemas, workerSchemas,
            resultSchemas,
            modelSchemas,
            reportSchemas, objectSchemas, identitySchemas, monaiSchemas,
        ]
        let members = groups.flatMap { group in group.map { JSONObject.Member(name: $0.key, value: $0.value) } }
        return SchemaLibrary(JSONObject(members)).schemas
    }

    private static let serverSchemas: KeyValuePairs<String, JSONValue> = [
        "Problem": record(
            "Why a request was refused (RFC 9457).",
            [
                "type": text("Always about:blank: the status says what kind of problem it is", example: "about:blank"),
                "title": text("The status in words", example: "Unprocessable Content"),
                "status": described(.integer(in: 400...599), "The status of the answer", 422),
                "detail": text(
                    "What was wrong and what would be right",
                    example: "there is no slice 99 on axis z of this volume; the slices are 0 to 31"),
                "field": text("The parameter or the member of the body at fault, if it is one", example: "index"),
            ], optional: ["field"]),
        "Health": record(
            "How the server is.", ["status": word(of: ["ok", "ready"], "ok if it runs, ready if it can work")]),
        "AuditEntry": record(
            "A change that succeeded.",
            [
                "id": integer("The entry's number; later ones have larger numbers", from: 1),
                "time": time("When it was made"),
                "token": orNull(text("The name of the token; null where none was needed")),
                "project": orNull(text("The name of the project; null for changes outside of projects")),
                "method": text("The request's method", example: "PUT"),
                "path": text("The request's path and query", example: "/v1/projects/kidney"),
                "status": described(.integer(in: 200...299), "The status of the answer", 201),
                "request": text("The X-Request-Id of the answer, which the server's log has too"),
            ]),
    ]
}
