import Foundation
import Store
import Testing
import Volumes

@Suite struct ModelTests {
    private let bench: StoreFixture

    init() throws { bench = try StoreFixture() }

    @Test func `a model comes back with all that is known of it`() async throws {
        let project = try await bench.project()
        let job = try await bench.store.addJob(project: project.id, kind: "train", request: "{}")
        let new = NewModel(
            name: "round1", parent: "round0", classes: ["a", "b,c"], recipe: "{\"base\":16}",
            configuration: "{\"k\":2}",
            seed: -5, labelsHash: "abc", metrics: "{\"mean_iou\":null}", heldOut: "[]", trainedOn: "{\"v\":[1,2]}",
            job: job.id)
        let weights = Data((0..<100_000).map { UInt8(truncatingIfNeeded: $0) })
        let model = try await bench.store.addModel(project: project.id, new, weights: weights)
        #expect(
            model.name == "round1" && model.parent == "round0" && model.classes == ["a", "b,c"] && model.seed == -5)
        #expect(model.recipe == new.recipe && model.configuration == new.configuration && model.job == job.id)
        #expect(model.labelsHash == "abc" && model.heldOut == "[]" && model.trainedOn == "{\"v\":[1,2]}")
        #expect(model.bytes == 100_000)
        #expect(try await bench.store.model(project: project.id, name: "round1") == model)
        #expect(try await bench.store.weights(model: model.id) == weights)
        try await bench.store.setMetrics(model: model.id, "{\"mean_iou\":0.8}")
        #expect(try await bench.store.model(id: model.id).metrics == "{\"mean_iou\":0.8}")
    }

    @Test func `the newest model comes first, a taken name is a conflict`() async throws {
        let project = try await bench.project()
        #expect(try await bench.store.latestModel(project: project.id) == nil)
        let first = try await bench.model("b", in: project)
        let second = try await bench.model("a", in: project)
        #expect(try await bench.store.models(project: project.id) == [second, first])
        #expect(try await bench.store.latestModel(project: project.id) == second)
        #expect(await failure { _ = try await bench.model("a", in: project) }?.isConflict == true)
        #expect(await failure { _ = try await bench.model("a b", in: project) }?.isConstraint == true)
        _ = try await bench.model("a", in: try await bench.project("other"))
        try await bench.store.deleteModel(project: project.id, name: "a")
        #expect(try await bench.store.latestModel(project: project.id) == first)
        #expect(await failure { _ = try await bench.store.weights(model: second.id) }?.isNotFound == true)
        let again = try await bench.model("a", in: project)
        #expect(again.id > second.id)
    }

    @Test func `a prediction is that of the newest model unless one is named`() async throws {
        let project = try await bench.project()
        let volume = try await bench.volume(in: project)
        #expect(await failure { _ = try await bench.store.prediction(volume: volume.id) }?.isNotFound == true)
        let (old, new) = (try await bench.model("old", in: project), try await bench.model("new", in: project))
        let second = try await bench.predict(volume, new)
        let first = try await bench.predict(volume, old)
        #expect(second.modelName == "new")
        #expect(try await bench.store.prediction(volume: volume.id) == second)
        #expect(try await bench.store.prediction(volume: volume.id, model: old.id) == first)
        #expect(try await bench.store.predictions(volume: volume.id) == [second, first])
    }

    @Test func `predicting again takes the place of what was there`() async throws {
        let project = try await bench.project()
        let volume = try await bench.volume(in: project)
        let model = try await bench.model(in: project)
        let first = try await bench.predict(volume, model)
        let second = try await bench.predict(volume, model)
        #expect(try await bench.store.predictions(volume: volume.id) == [second])
        for grid in [first.labels, first.probability] {
            #expect(await failure { _ = try bench.store.source(grid: grid) }?.isNotFound == true)
        }
        _ = try bench.store.source(grid: second.labels)
    }

    @Test func `predictions go with their model or volume`() async throws {
        let project = try await bench.project()
        let (one, two) = (try await bench.volume("one", in: project), try await bench.volume("two", in: project))
        let (a, b) = (try await bench.model("a", in: project), try await bench.model("b", in: project))
        let byA = [try await bench.predict(one, a), try await bench.predict(two, a)]
        let byB = try await bench.predict(one, b)
        try await bench.store.deleteModel(project: project.id, name: "a")
        for prediction in byA {
            #expect(await failure { _ = try bench.store.source(grid: prediction.labels) }?.isNotFound == true)
        }
        #expect(try await bench.store.predictions(volume: one.id) == [byB])
        try await bench.store.deleteVolume(project: project.id, name: "one")
        #expect(await failure { _ = try bench.store.source(grid: byB.probability) }?.isNotFound == true)
        #expect(try await bench.store.integrityCheck().isEmpty)
    }

    @Test func `a prediction that doesn't fit is refused and its voxels are removed`() async throws {
        let project = try await bench.project()
        let volume = try await bench.volume(in: project)
        let model = try await bench.model(in: project)
        let store = bench.store
        let extent = volume.header.extent
        func put(
            _ labels: VoxelGridID, _ probability: VoxelGridID, image: VoxelGridID? = nil, volume: Int64? = nil
        ) async -> StoreError? {
            await failure {
                _ = try await store.putPrediction(
                    volume: volume ?? 1, model: model.id, labels: labels, probability: probability, image: image)
            }
        }
        func probability(_ channels: Int = 3) throws -> VoxelGridID {
            try bench.grid(extent, element: .uint16, channels: channels)
        }
        #expect(await put(try bench.grid(extent), try probability(2))?.isConstraint == true)
        #expect(await put(try bench.grid(Extent(z: 1, y: 1, x: 1)), try probability())?.isConstraint == true)
        #expect(await put(try bench.grid(extent), try bench.grid(extent, channels: 3))?.isConstraint == true)
        #expect(await put(try bench.grid(extent), try probability(), image: VoxelGridID(99))?.isConflict == true)
        #expect(await put(volume.image, try probability())?.isConstraint == true)
        #expect(await put(try bench.grid(extent), try probability(), volume: 99)?.isNotFound == true)
        let other = try await bench.volume(in: try await bench.project("other"))
        #expect(await put(try bench.grid(extent), try probability(), volume: other.id)?.isConstraint == true)
        // The image of the volume was not taken away by the attempt to use it.
        #expect(try bytes(try store.source(grid: volume.image)).count == extent.voxels)
    }
}
