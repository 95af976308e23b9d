internal import Network
internal import Store
internal import Training
internal import Volumes

extension TrainingPlanner {
    /// Bytes of memory to ask for a worker that computes a job or one of its runs: half as much again as steps, labels and
    /// tiles need at least, and half a GiB for the program, what it has read and what it sends.
    ///
    /// A helper computes tiles of the job's predictions only.
    func memory(ofWorkerFor request: JobRequest, isHelper: Bool = false, tileMemory: Int) async throws -> Int {
        let least: Double
        switch request {
        case .train(let request):
            let sources = try await sources(request.volumes)
            var recipe = try request.parsedRecipe()
            try await parent(request.from, channels: sources[0].volume.header.channels)?.give(to: &recipe)
            let volumes = try await store.volumes(project: project.id)
            let predicted = try request.predict.map { try chosen($0, of: volumes, field: "predict") }
            least = try self.least(for: recipe, isHelper, sources, predicted ?? sources.map(\.volume), tileMemory)
        case .predict(let request):
            let (model, volumes) = try await targets(request)
            least = model.configuration.map { Self.tile(of: volumes, $0.graph, tileMemory) } ?? 0
        case .experiment(let request):
            let sources = try await sources(request.volumes, orTruth: request.kind == .transfer)
            least = try request.parsedVariants().reduce(0) {
                max($0, try self.least(for: $1.recipe, isHelper, sources, sources.map(\.volume), tileMemory))
            }
        }
        return Int(min(1.5 * least + Double(512 << 20), 1e18))
    }

    /// Bytes for a training, unless it is another's, and for the prediction of some volumes after it.
    private func least(
        for recipe: Recipe, _ isHelper: Bool, _ sources: [Source], _ predicted: [VolumeRecord], _ tileMemory: Int
    ) throws -> Double {
        let recipe = try resolve(recipe, for: sources.map(\.volume))
        let need = isHelper ? nil : self.need(of: recipe, sources)
        let training = need.map { Double($0.step) + Double($0.labels) } ?? 0
        let network = try recipe.configuration(
            channels: sources[0].volume.header.channels, classes: project.classes.count
        ).graph
        return max(training, Self.tile(of: predicted, network, tileMemory))
    }

    /// Bytes of the largest tile of some volumes.
    private static func tile(of volumes: [VolumeRecord], _ network: NetworkGraph, _ tileMemory: Int) -> Double {
        let tiles = volumes.map { TilePlan(volume: $0.header.extent, network: network, memory: tileMemory) }
        return tiles.map { Double($0.bytes(with: network)) }.max() ?? 0
    }
}
