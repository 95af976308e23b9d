import Foundation
import Store
import Testing
import Volumes

@Suite struct ModelTests {
    private let fixture: StoreFixture

    init() throws { fixture = try StoreFixture() }

    @Test func `a model comes back with all that is known of it`() async throws {
        let project = try await fixture.project()
        let job = try await fixture.store.addJob(project: project.id, kind: "train", request: "{}")
        let new = NewModel(
            name: "round1", parent: "round0", classes: ["a", "b,c"], recipe: "{\"base\":16}",
            configuration: "{\"k\":2}",
            seed: -5, labelsHash: "abc", metrics: "{\"mean_iou\":null}", heldOut: "[]", trainedOn: "{\"v\":[1,2]}",
            job: job.id)
        let weights = Data((0..<100_000).map { UInt8(truncatingIfNeeded: $0) })
        let model = try await fixture.store.addModel(project: project.id, new, weights: weights)
        #expect(
            model.name == "round1" && model.parent == "round0" && model.classes == ["a", "b,c"] && model.seed == -5)
        #expect(model.recipe == new.recipe && model.configuration == new.configuration && model.job == job.id)
        #expect(model.labelsHash == "abc" && model.heldOut == "[]" && model.trainedOn == "{\"v\":[1,2]}")
        #expect(model.bytes == 100_000)
        #expect(try await fixture.store.model(project: project.id, name: "round1") == model)
        #expect(try await fixture.store.weights(model: model.id) == weights)
        try await fixture.store.setMetrics(model: model.id, "{\"mean_iou\":0.8}")
        #expect(try await fixture.store.model(id: model.id).metrics == "{\"mean_iou\":0.8}")
    }

    @Test func `the newest model comes first, a taken name is a conflict`() async throws {
        let project = try await fixture.project()
        #expect(try await fixture.store.latestModel(project: project.id) == nil)
        let first = try await fixture.model("b", in: project)
        let second = try await fixture.model("a", in: project)
        #expect(try await fixture.store.models(project: project.id) == [second, first])
        #expect(try await fixture.store.latestModel(project: project.id) == second)
        #expect(await failure { _ = try await fixture.model("a", in: project) }?.isConflict == true)
        #expect(await failure { _ = try await fixture.model("a b", in: project) }?.isConstraint == true)
        _ = try await fixture.model("a", in: try await fixture.project("other"))
        try await fixture.store.deleteModel(project: project.id, name: "a")
        #expect(try await fixture.store.latestModel(project: project.id) == first)
        #expect(await failure { _ = try await fixture.store.weights(model: second.id) }?.isNotFound == true)
        let again = try await fixture.model("a", in: project)
        #expect(again.id > second.id)
    }

    @Test func `a prediction is that of the newest model unless one is named`() async throws {
        let project = try await fixture.project()
        let volume = try await fixture.volume(in: project)
        #expect(await failure { _ = try await fixture.store.prediction(volume: volume.id) }?.isNotFound == true)
        let (old, new) = (try await fixture.model("old", in: project), try await fixture.model("new", in: project))
        let second = try await fixture.predict(volume, new)
        let first = try await fixture.predict(volume, old)
        #expect(second.modelName == "new")
        #expect(try await fixture.store.prediction(volume: volume.id) == second)
        #expect(try await fixture.store.prediction(volume: volume.id, model: old.id) == first)
        #expect(try await fixture.store.predictions(volume: volume.id) == [second, first])
    }

    @Test func `the latest model is the newest whose job succeeded`() async throws {
        let store = fixture.store
        let project = try await fixture.project()
        let volume = try await fixture.volume(in: project)
        func model(_ state: JobState) async throws -> ModelRecord {
            let job = try await store.addJob(project: project.id, kind: "train", request: "{}")
            _ = try await store.nextQueuedJob()
            let model = try await fixture.model(state.rawValue, in: project, job: job.id)
            if state.isFinal { try await store.finish(job: job.id, state: state) }
            return model
        }
        let good = try await model(.succeeded)
        let first = try await fixture.predict(volume, good)
        for state in [JobState.cancelled, .failed, .running] {
            let other = try await model(state)
            let prediction = try await fixture.predict(volume, other)
            #expect(try await store.model(id: other.id).state == state)
            #expect(try await store.latestModel(project: project.id)?.id == good.id)
            #expect(try await store.prediction(volume: volume.id) == first)
            #expect(try await store.prediction(volume: volume.id, model: other.id) == prediction)
        }
    }

    @Test func `predicting again takes the place of what was there`() async throws {
        let project = try await fixture.project()
        let volume = try await fixture.volume(in: project)
        let model = try await fixture.model(in: project)
        let first = try await fixture.predict(volume, model)
        let second = try await fixture.predict(volume, model)
        #expect(try await fixture.store.predictions(volume: volume.id) == [second])
        for grid in [first.labels, first.probability] {
            #expect(await failure { _ = try fixture.store.source(grid: grid) }?.isNotFound == true)
        }
        _ = try fixture.store.source(grid: second.labels)
    }

    @Test func `predictions go with their model or volume`() async throws {
        let project = try await fixture.project()
        let (one, two) = (try await fixture.volume("one", in: project), try await fixture.volume("two", in: project))
        let (a, b) = (try await fixture.model("a", in: project), try await fixture.model("b", in: project))
        let byA = [try await fixture.predict(one, a), try await fixture.predict(two, a)]
        let byB = try await fixture.predict(one, b)
        try await fixture.store.deleteModel(project: project.id, name: "a")
        for prediction in byA {
            #expect(await failure { _ = try fixture.store.source(grid: prediction.labels) }?.isNotFound == true)
        }
        #expect(try await fixture.store.predictions(volume: one.id) == [byB])
        try await fixture.store.deleteVolume(project: project.id, name: "one")
        #expect(await failure { _ = try fixture.store.source(grid: byB.probability) }?.isNotFound == true)
        #expect(try await fixture.store.integrityCheck().isEmpty)
    }

    @Test func `a prediction that doesn't fit is refused and its voxels are removed`() async throws {
        let project = try await fixture.project()
        let volume = try await fixture.volume(in: project)
        let model = try await fixture.model(in: project)
        let store = fixture.store
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
            try fixture.grid(extent, element: .uint16, channels: channels)
        }
        #expect(await put(try fixture.grid(extent), try probability(2))?.isConstraint == true)
        #expect(await put(try fixture.grid(Extent(z: 1, y: 1, x: 1)), try probability())?.isConstraint == true)
        #expect(await put(try fixture.grid(extent), try fixture.grid(extent, channels: 3))?.isConstraint == true)
        #expect(await put(try fixture.grid(extent), try probability(), image: VoxelGridID(99))?.isConflict == true)
        #expect(await put(volume.image, try probability())?.isConstraint == true)
        #expect(await put(try fixture.grid(extent), try probability(), volume: 99)?.isNotFound == true)
        let other = try await fixture.volume(in: try await fixture.project("other"))
        #expect(await put(try fixture.grid(extent), try probability(), volume: other.id)?.isConstraint == true)
        // The image of the volume was not taken away by the attempt to use it.
        #expect(try bytes(try store.source(grid: volume.image)).count == extent.voxels)
    }
}
