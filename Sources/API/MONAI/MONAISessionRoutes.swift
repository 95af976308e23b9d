internal import HTTP
internal import JSON
internal import Store

/// Images for a time only, which clients of MONAI Label send for a single prediction.
struct MONAISessionRoutes: Sendable {
    let api: API

    private static let one = "\(API.monai)/session/{session}"
    private static let lifetimes = 60...604_800
    /// Seconds.
    static let lifetime = 3600

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .put, "\(API.monai)/session", "Send an image for a time only.", role: .trainer,
                query: [
                    .integer("expiry", "Seconds after which it is removed; 3600 by default", in: Self.lifetimes),
                    .flag("uncompress", "Not supported; only false is taken"),
                ],
                policy: MONAIForm.policy(api),
                content: [
                    .form([
                        "files": OpenAPI.file("The image"),
                        "params": OpenAPI.text("A JSON object, of which nothing is used"),
                    ])
                ],
                answers: [.init(200, "The session's name", .json("MONAISession"))], answer: put),
            Endpoint(
                .get, Self.one, "What is known of a session, or its image.",
                query: [
                    .flag("image", "The image itself"),
                    .flag("update_ts", "Taken, and ignored: a session lives as long as was said first"),
                ],
                answers: [
                    .init(200, "The session", .json("MONAISessionInfo"), .binary("application/gzip"))
                ], answer: get),
            Endpoint(
                .delete, Self.one, "Remove a session.", role: .trainer,
                answers: [.init(200, "The session that was", .json("MONAISessionInfo"))], answer: delete),
        ]
    }

    private func put(_ request: Request) async throws -> Response {
        let project = try await api.project(request)
        if try request.query.flag("uncompress") == true {
            throw HTTPError.invalid(
                "archives are not unpacked; send one file with the whole volume, as NIfTI for instance",
                field: "uncompress")
        }
        let lifetime = try request.query.integer("expiry", in: Self.lifetimes) ?? Self.lifetime
        let form = try MONAIForm(request, api)
        let file = try form.required("files", "file", what: "image")
        let (session, volume) = try await api.monaiSession(file, of: project, lifetime: lifetime)
        let made: JSONValue = ["session_id": .string(session.name), "session_info": session.json(of: volume)]
        return .json(made)
    }

    private func get(_ request: Request) async throws -> Response {
        let (_, session, volume) = try await find(request)
        for name in ["update_ts"] { _ = try request.query.flag(name) }
        guard try request.query.flag("image") ?? false else { return .json(session.json(of: volume)) }
        return try await api.monaiImage(request, of: volume)
    }

    private func delete(_ request: Request) async throws -> Response {
        let (project, session, volume) = try await find(request)
        try await api.monaiRemove(volume, of: project)
        return .json(session.json(of: volume))
    }

    private func find(
        _ request: Request
    ) async throws -> (project: ProjectRecord, session: MONAISession, volume: VolumeRecord) {
        let project = try await api.project(request)
        let (session, volume) = try await api.monaiSession(named: request.parameter("session"), of: project)
        return (project, session, volume)
    }
}

extension API {
    /// A session whose time is not over.
    func monaiSession(
        named name: String, of project: ProjectRecord
    ) async throws -> (session: MONAISession, volume: VolumeRecord) {
        guard let session = MONAISession(named: name), !session.isOver else {
            throw HTTPError.notFound("there is no session \"\(name.prefix(80))\" any more; send the image again")
        }
        return (session, try await store.volume(project: project.id, name: name))
    }
}
