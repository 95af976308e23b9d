internal import HTTP
internal import JSON
internal import Jobs
internal import Store

/// Trainings as clients of MONAI Label start, watch and stop them.
struct MONAITrainRoutes: Sendable {
    let api: API

    private static let train = "\(API.monai)/train"
    private static let patience = Duration.seconds(20)

    var endpoints: [Endpoint] {
        let options: [Endpoint.QueryParameter] = [
            .flag("enqueue", "Wait for a training that runs, which is a 429 otherwise"),
            .flag("run_sync", "Not supported; only false is taken"),
        ]
        var one = Endpoint(
            .post, "\(Self.train)/{trainer}", "Train on all annotated slices, then predict.", role: .trainer,
            query: options, policy: .memory(limit: APISettings.jsonLimit), content: [.json("MONAIParameters")],
            answers: [.init(200, "The training", .json("MONAITask"))]
        ) { request in
            try Self.check(request.parameter("trainer"))
            return .json(try await start(request, request.monaiParameters()))
        }
        var several = Endpoint(
            .post, Self.train, "The same, with the trainer's name in the body: {\"unet\": {…}}.", role: .trainer,
            query: options, policy: .memory(limit: APISettings.jsonLimit), content: [.json("MONAIParameters")],
            answers: [.init(200, "The training by the trainer's name", .json("MONAIParameters"))], answer: startNamed)
        one.isBodyOptional = true
        several.isBodyOptional = true
        return [
            Endpoint(
                .get, Self.train, "The newest training; 404 if there was none.",
                query: [
                    .flag("check_if_running", "Only one that waits or runs; 404 if there is none"),
                    .flag("all", "All of them, oldest first"),
                ],
                answers: [
                    .init(
                        200, "The training, or a list of them",
                        .init(type: "application/json", schema: ["description": "A MONAITask, or a list of them"]))
                ], answer: status),
            one, several,
            Endpoint(
                .delete, Self.train, "Stop the training that runs, or else the one that waits.",
                role: .trainer,
                answers: [
                    .init(
                        200, "The training; null if there is none",
                        .init(type: "application/json", schema: ["description": "A MONAITask, or null"]))
                ], answer: stop),
        ]
    }

    private static func check(_ trainer: String) throws(HTTPError) {
        guard trainer == MONAITask.trainer else {
            throw .notFound("there is no trainer \"\(trainer.prefix(80))\"; there is one, \(MONAITask.trainer)")
        }
    }

    private func start(_ request: Request, _ parameters: JSONValue) async throws -> JSONValue {
        let project = try await api.project(request)
        if try request.query.flag("run_sync") == true {
            throw HTTPError.invalid("a training is never waited for; leave run_sync out, and ask for its status")
        }
        let wanted = try MONAITraining.request(parameters)
        let isPatient = try request.query.flag("enqueue") ?? false
        let open = try await api.monaiOpenTraining(of: project)
        guard isPatient || open == nil else {
            throw HTTPError(
                429, "a training is running already; wait for its end, stop it, or add enqueue=true",
                headers: ["Retry-After": "10"])
        }
        return MONAITask(try await api.jobs.submit(wanted, to: project)).json
    }

    private func startNamed(_ request: Request) async throws -> Response {
        var wanted: [(trainer: String, parameters: JSONValue)] = []
        if case .object(let members) = try request.monaiParameters() {
            for member in members.members where member.name != "client_id" {
                try Self.check(member.name)
                guard case .object = member.value else {
                    throw HTTPError.invalid("\(member.name) has to be an object of parameters", field: member.name)
                }
                wanted.append((member.name, member.value))
            }
        }
        guard let one = wanted.first else {
            throw HTTPError.invalid(
                "the body names no trainer; send {\"\(MONAITask.trainer)\": {}}, or POST to train/\(MONAITask.trainer)",
                field: "body")
        }
        let task = try await start(request, one.parameters)
        return .json(.object(JSONObject([.init(name: one.trainer, value: ["result": task, "detail": .null])])))
    }

    private func status(_ request: Request) async throws -> Response {
        let project = try await api.project(request)
        if try request.query.flag("check_if_running") ?? false {
            guard let job = try await api.monaiOpenTraining(of: project) else {
                throw HTTPError.notFound("No Train Tasks are currently Running")
            }
            return .json(MONAITask(job).json)
        }
        let jobs = try await api.monaiTrainings(of: project)
        guard let newest = jobs.first else { throw HTTPError.notFound("No Train Tasks Found") }
        guard try request.query.flag("all") ?? false else { return .json(MONAITask(newest).json) }
        return .json(.array(jobs.reversed().map { MONAITask($0).json }))
    }

    private func stop(_ request: Request) async throws -> Response {
        let project = try await api.project(request)
        guard let job = try await api.monaiOpenTraining(of: project) else { return .json(.null) }
        var stopped = try await api.jobs.cancel(job)
        // It stops at the end of its step.
        if !stopped.state.isFinal { stopped = try await api.jobs.next(of: stopped, within: Self.patience) }
        return .json(MONAITask(stopped).json)
    }
}

extension API {
    /// Newest first.
    func monaiTrainings(of project: ProjectRecord) async throws -> [JobRecord] {
        try await store.jobs(project: project.id).filter { $0.kind == "train" }
    }

    /// The training that runs, or else the one that waits longest; `nil` if there is none.
    func monaiOpenTraining(of project: ProjectRecord) async throws -> JobRecord? {
        let open = try await monaiTrainings(of: project).filter { !$0.state.isFinal }
        return open.first { $0.state == .running } ?? open.last
    }
}
