internal import HTTP
internal import JSON
internal import Jobs
internal import Store

/// Projects: lists of classes that volumes and models share.
struct ProjectRoutes: Sendable {
    let api: API

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/projects", "Every project that the token may see, by name.",
                answers: [.init(200, "The projects", .list(of: "Project"))], answer: list),
            Endpoint(
                .put, "/v1/projects/{project}",
                "Make a project, which needs an admin for all projects, or change its classes or the model it goes by.",
                role: .admin,
                policy: .memory(limit: APISettings.jsonLimit), content: [.json("ProjectRequest")],
                answers: [
                    .init(200, "It existed", .json("Project")), .init(201, "It was made", .json("Project")),
                ], answer: put
            ).conditional,
            Endpoint(
                .get, "/v1/projects/{project}", "One project.",
                answers: [.init(200, "The project", .json("Project"))]
            ) { request in
                .tagged(JSONValue(try await api.project(request)))
            }.tagged,
            Endpoint(
                .delete, "/v1/projects/{project}", "Remove a project with everything in it; its jobs are cancelled.",
                role: .admin,
                answers: [.init(204, "It was removed")], answer: delete
            ).conditional,
        ]
    }

    private func list(_ request: Request) async throws -> Response {
        .json(.array(try await api.store.projects().filter { request.sees($0.name) }.map { JSONValue($0) }))
    }

    private func put(_ request: Request) async throws -> Response {
        let name = try Name.checked(request.parameter("project"), of: "project", field: "project")
        let wanted = try ProjectRequest(body: request.body.bytes())
        try await check(wanted, for: name)
        let (project, created) = try await api.store.putProject(
            name: name, description: wanted.description, classes: wanted.classes, model: wanted.model
        ) { try request.demand($0.map { [JSONValue($0).tag] } ?? [], of: "the project \(name)") }
        return created ? .created(JSONValue(project), at: "/v1/projects/\(name)") : .json(JSONValue(project))
    }

    /// Refuses a new project without classes, and a model that the project does not have.
    private func check(_ wanted: ProjectRequest, for name: String) async throws {
        let known = try await api.store.projects().first { $0.name == name }
        guard wanted.classes != nil || known != nil else {
            throw HTTPError.invalid(
                "classes: is missing; a new project needs some: \(ProjectRequest.example)", field: "classes")
        }
        guard case .named(let model) = wanted.model else { return }
        let models = if let known { try await api.store.models(project: known.id).map(\.name) } else { [String]() }
        guard !models.contains(model) else { return }
        throw HTTPError.invalid(
            "model: there is no model \"\(model.prefix(80))\" in this project; "
                + (models.isEmpty ? "it has none" : "it has \(models.prefix(20).joined(separator: ", "))"),
            field: "model")
    }

    private func delete(_ request: Request) async throws -> Response {
        let project = try await api.project(request)
        try request.demand([JSONValue(project).tag], of: "the project \(project.name)")
        for job in try await api.store.jobs(project: project.id) where !job.state.isFinal {
            do {
                _ = try await api.jobs.cancel(job)
            } catch StoreError.conflict {
                continue  // The job has ended meanwhile.
            }
        }
        let volumes = try await api.store.volumes(project: project.id).map(\.id)
        let models = try await api.store.models(project: project.id).map(\.id)
        try await api.store.deleteProject(named: project.name) {
            try request.demand([JSONValue($0).tag], of: "the project \(project.name)")
        }
        await api.exports.remove(volumes.map { .volume($0) } + models.map { .model($0) })
        return .noContent
    }
}
