internal import Network
internal import Store
internal import Training
internal import Volumes

extension TrainingPlanner {
    /// Bytes of memory to ask for a worker that computes a job: half as much again as its steps, labels and tiles need at
    /// least, and half a GiB for the program, what it has read and what it sends.
    func memory(ofWorkerFor request: JobRequest, tileMemory: Int) async throws -> Int {
        let least =
            switch request {
            case .train(let request): try await least(for: request, tileMemory)
            case .predict(let request): try await least(for: request, tileMemory)
            case .experiment: 0.0
            }
        return Int(min(1.5 * least + Double(512 << 20), 1e18))
    }

    private func least(for request: TrainingRequest, _ tileMemory: Int) async throws -> Double {
        let sources = try await sources(request.volumes)
        var volumes = sources.map(\.volume)
        let channels = volumes[0].header.channels
        var recipe = try request.parsedRecipe()
        try await parent(request.from, channels: channels)?.give(to: &recipe)
        recipe = try resolve(recipe, for: volumes)
        let network = try recipe.configuration(channels: channels, classes: project.classes.count).graph
        if let names = request.predict {
            volumes = try chosen(names, of: try await store.volumes(project: project.id), field: "predict")
        }
        let training = need(of: recipe, sources).map { Double($0.step) + Double($0.labels) } ?? 0
        return max(training, Self.tile(of: volumes, network, tileMemory))
    }

    private func least(for request: PredictionRequest, _ tileMemory: Int) async throws -> Double {
        let (model, volumes) = try await targets(request)
        return model.configuration.map { Self.tile(of: volumes, $0.graph, tileMemory) } ?? 0
    }

    /// Bytes of the largest tile of some volumes.
    private static func tile(of volumes: [VolumeRecord], _ network: NetworkGraph, _ tileMemory: Int) -> Double {
        let tiles = volumes.map { TilePlan(volume: $0.header.extent, network: network, memory: tileMemory) }
        return tiles.map { Double($0.bytes(with: network)) }.max() ?? 0
    }
}
