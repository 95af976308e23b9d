internal import Foundation
internal import HTTP
internal import JSON
internal import Jobs
internal import Store
internal import Training

/// Jobs: queued, running and finished trainings, predictions and experiments.
struct JobRoutes: Sendable {
    let api: API

    /// Not longer than an idle connection is kept.
    private static let waits = 0...60

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .post, "/v1/projects/{project}/jobs", "Queue a training, a prediction or an experiment.",
                role: .trainer,
                policy: .memory(limit: APISettings.jsonLimit), content: [.json("JobRequest")],
                answers: [.init(202, "It was queued; Location is its path", .json("Job"))], answer: submit),
            Endpoint(
                .get, "/v1/projects/{project}/jobs", "The jobs of a project, newest first.",
                query: [.choice("state", of: "JobState", "Only those in this state")],
                answers: [.init(200, "The jobs", .list(of: "Job"))], answer: list),
            Endpoint(
                .get, "/v1/projects/{project}/jobs/{id}", "One job, or its next state.",
                query: [
                    .integer("wait", "Answer when its state changes, or after this many seconds", in: Self.waits)
                ],
                answers: [.init(200, "The job", .json("Job"))]
            ) { request in
                let seconds = try request.query.integer("wait", in: Self.waits) ?? 0
                let job = try await job(request)
                guard seconds > 0 else { return .json(JSONValue(job)) }
                return .json(JSONValue(try await api.jobs.next(of: job, within: .seconds(seconds))))
            },
            Endpoint(
                .get, "/v1/projects/{project}/jobs/{id}/events",
                "The events of a job: progress (the newest), state, log and slurm; Last-Event-ID continues after an event.",
                query: [.integer("after", "The number of the last event seen, for clients that can't send headers")],
                answers: [
                    .init(
                        200, "Events until the job ends", .init(type: "text/event-stream", schema: Self.stream))
                ], answer: events),
            Endpoint(
                .get, "/v1/projects/{project}/jobs/{id}/curve",
                "Loss and held-out IoU by step, thinned evenly to at most 1,000 points.",
                answers: [.init(200, "The points", .list(of: "CurvePoint"))]
            ) { request in
                .json(.array(try await api.store.curve(job: job(request).id).map { JSONValue($0) }))
            },
            Endpoint(
                .get, "/v1/projects/{project}/jobs/{id}/result",
                "The result of a job; of an experiment also as a table in Markdown or a plot.",
                query: [.choice("format", of: "ResultFormat", "json by default")],
                answers: [
                    .init(
                        200, "The result", .init(type: "application/json", schema: OpenAPI.result),
                        .init(type: "text/markdown", schema: ["type": "string"]),
                        .init(type: "image/svg+xml", schema: ["type": "string"]))
                ], answer: result),
            Endpoint(
                .post, "/v1/projects/{project}/jobs/{id}/cancel",
                "Cancel a job; a cancelled training keeps its last checkpoint as a model.", role: .trainer,
                answers: [.init(200, "It was cancelled or will be soon", .json("Job"))]
            ) { request in
                .json(JSONValue(try await api.jobs.cancel(job(request))))
            },
            Endpoint(
                .post, "/v1/projects/{project}/jobs/{id}/retry",
                "Queue a failed or cancelled job again, as a new one.",
                role: .trainer,
                query: [.text("name", "Of a training, another name for its model, if the first one is taken")],
                answers: [.init(202, "It was queued; Location is its path", .json("Job"))]
            ) { request in
                let old = try await job(request)
                let name = request.query.text("name")
                return try await accepted(request) { try await api.jobs.retry(old, name: name) }
            },
        ]
    }

    /// Without a type: some readers of the document take it for the stream's, others for each event's.
    private static let stream: JSONValue = [
        "description": "Server-sent events: id, event (progress, state, log or slurm) and data, which is JSON"
    ]

    private func submit(_ request: Request) async throws -> Response {
        let project = try await api.project(request)
        let wanted = try JobRequest(json: Data(request.body.bytes()))
        return try await accepted(request) { try await api.jobs.submit(wanted, to: project) }
    }

    /// Queues a job and answers with it.
    private func accepted(_ request: Request, _ queue: () async throws -> JobRecord) async throws -> Response {
        let jobs = "/v1/projects/\(try request.parameter("project"))/jobs"
        return try await Idempotency.answering(queue) { job in
            .json(JSONValue(job), status: 202, headers: ["Location": "\(jobs)/\(job.id)"])
        }
    }

    private func list(_ request: Request) async throws -> Response {
        let project = try await api.project(request)
        var state: JobState?
        if let name = request.query.text("state") {
            state = JobState(rawValue: name)
            guard state != nil else {
                let known = JobState.allCases.map(\.rawValue).joined(separator: ", ")
                throw HTTPError.invalid(
                    "\"\(name.prefix(40))\" is not a state; the states are \(known)", field: "state")
            }
        }
        return .json(.array(try await api.store.jobs(project: project.id, state: state).map { JSONValue($0) }))
    }

    private func job(_ request: Request) async throws -> JobRecord {
        let project = try await api.project(request)
        let text = try request.parameter("id")
        guard let id = Int64(text) else {
            throw HTTPError.notFound("there is no job \"\(text.prefix(40))\"; jobs have numbers")
        }
        return try await api.store.job(project: project.id, id: id)
    }

    /// The formats of a job's result.
    enum ResultFormat: String, CaseIterable { case json, md, svg }

    private func result(_ request: Request) async throws -> Response {
        let job = try await job(request)
        let name = request.query.text("format") ?? ResultFormat.json.rawValue
        guard let format = ResultFormat(rawValue: name) else {
            throw HTTPError.invalid(
                "\"\(name.prefix(40))\" is not a format; the formats are json, md and svg", field: "format")
        }
        guard let text = job.result else {
            throw HTTPError.notFound("job \(job.id) is \(job.state.rawValue) and has no result")
        }
        guard format != .json else { return .json(.raw(text)) }
        guard ExperimentKind(rawValue: job.kind) != nil else {
            throw HTTPError.invalid(
                "the result of a job of the kind \"\(job.kind)\" is available as json only", field: "format")
        }
        let result = try JSONDecoder().decode(ExperimentResult.self, from: Data(text.utf8))
        return format == .md
            ? .bytes(Array(result.markdown.utf8), contentType: "text/markdown; charset=utf-8")
            : .bytes(Array(result.chart().svg.utf8), contentType: "image/svg+xml")
    }

    private func events(_ request: Request) async throws -> Response {
        let job = try await job(request)
        let seen = request.headers["Last-Event-ID"] ?? request.query.text("after")
        guard let after = Int64(seen ?? "0") else {
            throw HTTPError.malformed("Last-Event-ID must be the number of an event, not \"\(seen?.prefix(40) ?? "")\"")
        }
        let pages = api.jobs.eventPages(job: job.id, after: after).map { page in
            page.map { ServerSentEvent(id: String($0.sequence), type: $0.type, data: $0.data) }
        }
        return .events(pages: pages)
    }
}
