internal import Foundation
internal import HTTP
internal import JSON
internal import Jobs
internal import Store

/// Workers on other machines: who they are, and what they ask for and send.
struct WorkerRoutes: Sendable {
    let api: API

    private static let lease = "/v1/leases/{id}/{attempt}"
    private static let waits = 0...60
    private static let octets = Endpoint.Content.binary("application/octet-stream")

    /// Whether a route is one of workers' own calls, which come all the time and change nothing that people did.
    static func isOfWorkers(_ route: String?) -> Bool {
        route.map { $0.hasPrefix("/v1/leases/") || $0.hasPrefix("/v1/workers/") } ?? false
    }

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/v1/workers", "The workers heard of within a day, by name, and what they compute.",
                role: .annotator, answers: [.init(200, "The workers", .list(of: "Worker"))]
            ) { request in
                .json(.array(try await api.store.workers().map { JSONValue($0, sees: request.sees) }))
            },
            Endpoint(
                .post, "/v1/workers/{worker}/claim", "Give a job to a worker.", role: .worker,
                query: [.integer("wait", "Wait for one, at most so many seconds", in: Self.waits)],
                policy: .memory(limit: APISettings.jsonLimit), content: [.json("ClaimRequest")],
                answers: [.init(200, "The job", .json("Claim")), .init(204, "None waits")], answer: claim
            ),
            Endpoint(
                .get, "\(Self.lease)/unit", "What a worker computes next of its job.", role: .worker,
                query: [.integer("wait", "Wait for it, at most so many seconds", in: Self.waits)],
                answers: [.init(200, "The unit", .json("WorkUnit")), .init(204, "There is none yet")], answer: unit
            ).stale,
            Endpoint(
                .get, "\(Self.lease)/content/{digest}", "A piece of what a unit names by its SHA-256.", role: .worker,
                query: [.integer("piece", "The number of the piece, from 0 on", required: true)],
                answers: [.init(200, "The bytes", Self.octets)], answer: content
            ).stale,
            Endpoint(
                .post, "\(Self.lease)/renew", "Keep a job, and tell how far it is.", role: .worker,
                policy: .memory(limit: APISettings.jsonLimit), content: [.json("WorkReport")],
                answers: [.init(200, "Whether to go on", .json("WorkOrder"))], answer: renew),
            Endpoint(
                .put, "\(Self.lease)/checkpoint", "Keep what the job is gone on from if its worker is lost.",
                role: .worker, policy: body, content: [Self.octets], answers: [.init(204, "It is kept")],
                answer: checkpoint),
            Endpoint(
                .post, "\(Self.lease)/parts", "A part of a prediction.", role: .worker,
                policy: .memory(limit: 1 << 30, spool: api.uploads), content: [Self.octets],
                answers: [.init(204, "It is stored")], answer: part),
            Endpoint(
                .post, "\(Self.lease)/result", "What a unit has given, or that the worker gives its job back.",
                role: .worker, policy: body, content: [Self.octets], answers: [.init(204, "It is taken")],
                answer: result),
        ]
    }

    private var body: BodyPolicy { .file(limit: api.settings.uploadLimit, folder: api.uploads) }

    private func claim(_ request: Request) async throws -> Response {
        let name = try Name.checked(request.parameter("worker"), of: "worker", field: "worker")
        let wanted = try ClaimRequest(body: request.body.bytes())
        guard wanted.version == api.settings.version else {
            throw HTTPError.invalid(
                "the worker is of version \(wanted.version.prefix(64)), and this server of \(api.settings.version): use the "
                    + "same program on both machines", field: "version")
        }
        var projects: Set<String>?
        if case .projects(let names)? = request.client?.token.scope { projects = names }
        let lease = try await api.jobs.claim(
            try wanted.description(of: name), token: request.client?.token.id, projects: projects,
            job: wanted.job.map(Int64.init), tilesOf: wanted.tilesOf.map(Int64.init), ranks: wanted.ranks ?? 1,
            within: .seconds(try request.query.integer("wait", in: Self.waits) ?? 0))
        guard let lease else { return .noContent }
        let project = try await api.store.project(id: lease.job.project)
        return .json([
            "job": .integer(Int(lease.job.id)), "attempt": .integer(lease.attempt), "project": .string(project.name),
            "kind": .string(lease.job.kind), "seconds": .number(api.jobs.leaseSeconds),
        ])
    }

    private func unit(_ request: Request) async throws -> Response {
        let seconds = try request.query.integer("wait", in: Self.waits) ?? 0
        guard let unit = try await renewed(request).unit(within: .seconds(seconds)) else { return .noContent }
        return .json(.raw(try unit.text()))
    }

    private func content(_ request: Request) async throws -> Response {
        let lease = try held(request)
        let digest = try request.parameter("digest")
        guard let piece = try request.query.integer("piece", in: 0...Int(Int32.max)) else {
            throw HTTPError.malformed("piece is missing", field: "piece")
        }
        let bytes = try await api.work.run { try lease.piece(piece, of: digest) }
        return .bytes(bytes, contentType: "application/octet-stream")
    }

    private func renew(_ request: Request) async throws -> Response {
        let report = try request.json(WorkReport.self)
        return .json(["stop": .bool(try await renewed(request).take(report))])
    }

    private func checkpoint(_ request: Request) async throws -> Response {
        let lease = try await renewed(request)
        let file = try request.uploadedFile("the checkpoint")
        try await api.work.run { try lease.take(checkpoint: Data(contentsOf: file.url)) }
        return .noContent
    }

    private func part(_ request: Request) async throws -> Response {
        let lease = try held(request)
        let body = request.body
        try await api.work.run { try lease.take(PredictedPart(Data(body.bytes()))) }
        return .noContent
    }

    private func result(_ request: Request) async throws -> Response {
        let lease = try await renewed(request)
        let file = try request.uploadedFile("the result")
        try await api.work.run { try lease.take(WorkResult(Data(contentsOf: file.url))) }
        return .noContent
    }

    /// The lease that a path names, which lasts from now on again.
    private func renewed(_ request: Request) async throws -> Lease {
        let (job, attempt) = try place(request)
        return try await api.jobs.renewed(job: job, attempt: attempt, token: request.client?.token.id)
    }

    private func held(_ request: Request) throws -> Lease {
        let (job, attempt) = try place(request)
        return try api.jobs.held(job: job, attempt: attempt, token: request.client?.token.id)
    }

    private func place(_ request: Request) throws(HTTPError) -> (job: Int64, attempt: Int) {
        guard let job = Int64(try request.parameter("id")), let attempt = Int(try request.parameter("attempt")) else {
            throw .notFound("there is no such lease; jobs and attempts have numbers")
        }
        return (job, attempt)
    }
}

extension Endpoint {
    /// The same call, of a lease that may have ended, which is 409.
    fileprivate var stale: Endpoint {
        var endpoint = self
        endpoint.furtherErrors.insert(409)
        return endpoint
    }
}
