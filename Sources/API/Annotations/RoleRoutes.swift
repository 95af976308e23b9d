internal import HTTP
internal import JSON
internal import Store
internal import Volumes

/// What an annotated slice is for: to learn from, or only to measure on.
struct RoleRoutes: Sendable {
    let api: API

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .put, "/v1/projects/{project}/volumes/{volume}/annotations/{axis}/{index}/role",
                "Say what a slice is for, as a new revision with the same labels.", role: .annotator,
                query: [
                    API.roleParameter(required: true), .text("author", AnnotationRoutes.authorMeaning),
                    .integer("if-revision", "Only if this is the slice's current revision"), SeenImage.parameter,
                ],
                answers: [.init(200, "The revision, a new one unless it was so before", .json("Annotation"))],
                answer: put
            ).conditional
        ]
    }

    private func put(_ request: Request) async throws -> Response {
        let (project, volume) = try await api.volume(request)
        let position = try request.slice(of: volume.header.extent)
        guard let role = try request.role() else {
            throw HTTPError.invalid("role is missing; it is train or test, as in ?role=test", field: "role")
        }
        let (author, image) = (try request.author(), try SeenImage(request))
        try image?.check(volume)
        let expected = try await api.expectedRevision(request, at: position, of: volume, in: project)
        let record = try await request.heedingMatch {
            try await api.store.setRole(
                volume: volume.id, at: position, role, author: author, ifRevision: expected, demand: image?.check)
        }
        return .json(JSONValue(record, classes: project.classes))
    }
}

extension API {
    static func roleParameter(required: Bool) -> Endpoint.QueryParameter {
        .choice(
            "role", of: "SliceRole",
            "What the slice is for: test slices are never learned from, only measured on"
                + (required ? "" : "; as before by default, train at first"),
            required: required)
    }
}

extension Request {
    /// What the query says that a slice is for.
    func role() throws(HTTPError) -> AnnotationRole? {
        let names = AnnotationRole.allCases.map(\.rawValue)
        return try head.query.choice("role", of: names).flatMap { AnnotationRole(rawValue: $0) }
    }
}
