internal import Foundation
internal import HTTP
internal import JSON
internal import Store
internal import Volumes

/// Links that open one volume as OME-Zarr, and nothing else, to programs that can't send a token in a header.
struct ShareRoutes: Sendable {
    let api: API

    private static let all = "/v1/projects/{project}/shares"

    var endpoints: [Endpoint] { changes + links }

    /// How links are made, listed and revoked.
    private var changes: [Endpoint] {
        [
            Endpoint(
                .get, Self.all, "The links to volumes of the project that are good now, oldest first.",
                role: .annotator, answers: [.init(200, "The links, without their tokens", .list(of: "Share"))],
                answer: list),
            Endpoint(
                .post, Self.all, "Make a link that opens a volume as OME-Zarr to whoever has it.", role: .annotator,
                policy: .memory(limit: APISettings.jsonLimit), content: [.json("ShareRequest")],
                answers: [.init(201, "The link, whose token is told this once", .json("ShareMade"))], answer: post
            ).unrepeatable,
            Endpoint(
                .delete, "\(Self.all)/{share}", "Revoke a link: the next request by it is refused.", role: .annotator,
                answers: [.init(204, "It was revoked")], answer: delete),
        ]
    }

    /// What links open.
    private var links: [Endpoint] {
        OMEZarrVersion.allCases.map { version in
            Endpoint(
                .get, "/v1/shares/{token}/\(version.folder)/{key}",
                "A shared volume as OME-Zarr \(version.rawValue), for whoever has the link.", role: nil,
                answers: [OMEZarrRoutes.answer]
            ) { request in
                try await OMEZarrRoutes(api: api).serve(version, request) { try await shared(request) }
            }.below
        }
    }

    /// The first segments of the paths that links have.
    static let opened = ["v1", "shares"]

    private func list(_ request: Request) async throws -> Response {
        let project = try await api.project(request)
        return .json(.array(try await api.store.shares(project: project.id).map { .object(JSONObject($0)) }))
    }

    private func post(_ request: Request) async throws -> Response {
        let project = try await api.project(request)
        let wanted = try ShareRequest(body: request.body.bytes())
        let volume = try await api.store.volume(project: project.id, name: wanted.volume)
        let end = api.store.tokenCache.now.addingTimeInterval(wanted.hours * 3600)
        let (record, token) = try await api.store.addShare(
            volume: volume.id, token: request.client?.token.id,
            expires: min(end, request.client?.token.expires ?? end))
        var share = JSONObject(record)
        let paths = OMEZarrVersion.allCases.map { version in
            JSONObject.Member(
                name: version.folder,
                value: .string("/\(Self.opened.joined(separator: "/"))/\(token)/\(version.folder)"))
        }
        share["paths"] = .object(JSONObject(paths))
        return .created(.object(share), at: "/v1/projects/\(project.name)/shares/\(record.id)")
    }

    private func delete(_ request: Request) async throws -> Response {
        let project = try await api.project(request)
        let text = try request.parameter("share")
        guard let id = Int64(text) else {
            throw HTTPError.notFound("there is no share \"\(text.prefix(40))\"; shares have numbers")
        }
        try await api.store.removeShare(project: project.id, id: id)
        return .noContent
    }

    /// The volume that a link opens; 410 for every other link, so that no program takes what it asks for as empty.
    private func shared(_ request: Request) async throws -> (project: ProjectRecord, volume: VolumeRecord) {
        guard let shared = try await api.store.sharedVolume(token: request.parameter("token")) else {
            throw HTTPError(
                410,
                "this link opens nothing: it has expired, was revoked, or its volume was removed; ask for another one"
            )
        }
        return shared
    }
}
