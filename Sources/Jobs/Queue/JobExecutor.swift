internal import JSON
internal import Network
internal import Store
internal import Training

/// The work of jobs: trains and predicts on the trainer's thread, or has a worker do so; directs experiments.
struct JobExecutor: JobWork {
    private let store: Store
    private let compute: Compute
    private let predictions: PredictionService
    private let timings = StepTimings()

    init(store: Store, predictions: PredictionService) {
        self.store = store
        self.predictions = predictions
        let thread = ComputeThread(name: "trainer", niceness: predictions.settings.niceness)
        let settings = predictions.settings
        compute = Compute(on: thread) { try settings.makeEngine(settings.threads) }
    }

    private var settings: JobSettings { predictions.settings }

    func prepare(_ request: JobRequest, project: ProjectRecord) async throws -> JobRequest {
        let planner = TrainingPlanner(store: store, project: project, memory: settings.memory)
        switch request {
        case .train(let training):
            try settings.rankLauncher.check(training)
            try await planner.check(training)
        case .predict(let prediction):
            let (model, volumes) = try await planner.targets(prediction)
            if let network = model.configuration?.graph {
                try planner.checkMemory(toPredict: volumes, with: network, field: "model")
            }
            try planner.checkDisk(for: volumes, classes: model.classes.count, field: "volumes")
        case .experiment(let experiment):
            _ = try await planner.experiment(experiment)
        }
        return request
    }

    func rest() async { await compute.rest() }

    func run(_ context: JobContext) async throws -> JobOutcome {
        let computer: any UnitComputer =
            if let lease = context.lease { lease } else { LocalComputer(compute: compute, timings: timings) }
        if context.job.kind == TileWork.kind { return try await TileWork(computer: computer, context: context).run() }
        if let parent = context.job.parent {
            return try await TrialWork(
                store: store, computer: computer, settings: settings, context: context, experiment: parent
            ).run()
        }
        let project = try await store.project(id: context.job.project)
        switch try JobRequest(text: context.job.request) {
        case .train(let request):
            // It was asked for under other settings.
            if context.lease == nil { try RankLauncher.none.check(request) }
            return try await TrainingWork(
                store: store, computer: computer, predictions: predictions, project: project, request: request,
                settings: settings, timings: timings, context: context
            ).run()
        case .experiment(let request):
            return try await ExperimentWork(
                store: store, project: project, request: request, settings: settings, context: context
            ).run()
        case .predict(let request):
            let (model, volumes) = try await TrainingPlanner(store: store, project: project).targets(request)
            let work = PredictionWork(
                store: store, computer: computer, predictions: predictions, settings: settings, context: context)
            guard let summaries = try await work.run(model, volumes, progress: JobProgress(phase: .predicting)) else {
                return context.stopRequest == .interrupt ? .interrupted : .cancelled(model: model.name)
            }
            return .succeeded(model: model.name, result: try JSONValue(encoding: ["volumes": summaries]))
        }
    }
}
