internal import Foundation
internal import HTTP
internal import Jobs
internal import Store

/// Jobs: training and prediction that wait, run and end.
struct JobCalls: Sendable {
    let api: API

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .post, "/v1/projects/{project}/jobs", "Queue a training or a prediction.",
                policy: .memory(limit: APISettings.jsonLimit), content: [.json("JobRequest")],
                answers: [.init(202, "It is queued; Location says where", .json("Job"))], answer: submit),
            Endpoint(
                .get, "/v1/projects/{project}/jobs", "The jobs of a project, newest first.",
                query: [.choice("state", JobState.allCases.map(\.rawValue), "Only those in this state")],
                answers: [.init(200, "The jobs", .list(of: "Job"))], answer: list),
            Endpoint(
                .get, "/v1/projects/{project}/jobs/{id}", "One job.",
                answers: [.init(200, "The job", .json("Job"))]
            ) { request in
                .json(JSON(try await job(request)))
            },
            Endpoint(
                .get, "/v1/projects/{project}/jobs/{id}/events",
                "What happens to a job: progress, state and log; Last-Event-ID goes on behind one.",
                query: [.integer("after", "The number of the last event seen, for clients that can't send headers")],
                answers: [
                    .init(
                        200, "Events until the job ends", .init(type: "text/event-stream", schema: [:]))
                ], answer: events),
            Endpoint(
                .get, "/v1/projects/{project}/jobs/{id}/curve", "Loss and held-out IoU by step.",
                answers: [.init(200, "The points", .list(of: "CurvePoint"))]
            ) { request in
                .json(.array(try await api.store.curve(job: job(request).id).map { JSON($0) }))
            },
            Endpoint(
                .post, "/v1/projects/{project}/jobs/{id}/cancel",
                "Cancel a job; a cancelled training keeps its last checkpoint as a model.",
                answers: [.init(200, "It is or will be cancelled", .json("Job"))]
            ) { request in
                let job = try await job(request)
                return .json(JSON(try await api.runner.cancel(project: request.parameter("project"), id: job.id)))
            },
            Endpoint(
                .post, "/v1/projects/{project}/jobs/{id}/retry", "Queue a failed or cancelled job again, as a new one.",
                answers: [.init(202, "It is queued; Location says where", .json("Job"))]
            ) { request in
                let job = try await job(request)
                return try accepted(
                    try await api.runner.retry(project: request.parameter("project"), id: job.id), request)
            },
        ]
    }

    private func submit(_ request: Request) async throws -> Response {
        let project = try await api.project(request)
        let wish = try JobRequest(json: Data(request.body.bytes()))
        return try accepted(try await api.runner.submit(project: project.name, request: wish), request)
    }

    private func accepted(_ job: JobRecord, _ request: Request) throws(HTTPError) -> Response {
        let location = "/v1/projects/\(try request.parameter("project"))/jobs/\(job.id)"
        return .json(JSON(job), status: 202, headers: ["Location": location])
    }

    private func list(_ request: Request) async throws -> Response {
        let project = try await api.project(request)
        var state: JobState?
        if let name = request.text("state") {
            state = JobState(rawValue: name)
            guard state != nil else {
                let known = JobState.allCases.map(\.rawValue).joined(separator: ", ")
                throw HTTPError.invalid("\"\(name.prefix(40))\" is no state; there are \(known)", field: "state")
            }
        }
        return .json(.array(try await api.store.jobs(project: project.id, state: state).map { JSON($0) }))
    }

    private func job(_ request: Request) async throws -> JobRecord {
        let project = try await api.project(request)
        let text = try request.parameter("id")
        guard let id = Int64(text) else {
            throw HTTPError.notFound("there is no job \"\(text.prefix(40))\"; jobs have numbers")
        }
        return try await api.store.job(project: project.id, id: id)
    }

    private func events(_ request: Request) async throws -> Response {
        let job = try await job(request)
        let seen = request.headers["Last-Event-ID"] ?? request.text("after")
        guard let after = Int64(seen ?? "0") else {
            throw HTTPError.malformed("Last-Event-ID must be the number of an event, not \"\(seen?.prefix(40) ?? "")\"")
        }
        let events = api.runner.events(job: job.id, after: after).map {
            ServerSentEvent(id: String($0.sequence), type: $0.type, data: $0.data)
        }
        return .events(events)
    }
}
