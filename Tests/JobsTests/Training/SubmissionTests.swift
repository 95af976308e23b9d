import Foundation
import Jobs
import Store
import TestSupport
import Testing
import Training
import Volumes

@Suite(.timeLimit(.minutes(10))) struct SubmissionTests {
    /// The field at fault when a request is submitted.
    private func fault(_ fixture: TrainingFixture, _ json: String) async throws -> String? {
        do {
            let request = try JobRequest(json: Data(json.utf8))
            _ = try await fixture.queue.submit(request, to: fixture.project)
            return nil
        } catch JobError.invalid(let field, _) {
            return field
        }
    }

    @Test func `a training needs an annotated slice`() async throws {
        try await withTrainingFixture { fixture in
            #expect(try await fault(fixture, #"{"kind":"train"}"#) == "volumes")
            let volume = try await fixture.addVolume("kidney1")
            #expect(try await fault(fixture, #"{"kind":"train"}"#) == "volumes")
            #expect(try await fault(fixture, #"{"kind":"train","volumes":["kidney1"]}"#) == "volumes")
            try await fixture.blank(volume, .z, 0)
            #expect(try await fault(fixture, #"{"kind":"train"}"#) == "volumes")
            try await fixture.annotate(volume, .z, 1)
            #expect(try await fault(fixture, #"{"kind":"train"}"#) == nil)
        }
    }

    @Test(arguments: [
        (#"{"kind":"train","volumes":["kidney9"]}"#, "volumes"),
        (#"{"kind":"train","volumes":[]}"#, "volumes"),
        (#"{"kind":"train","from":"round9"}"#, "from"),
        (#"{"kind":"train","predict":["kidney9"]}"#, "predict"),
        (#"{"kind":"train","predict":["coloured"]}"#, "predict"),
        (#"{"kind":"train","holdout":{"slices":[{"volume":"kidney1","axis":"z","index":3}]}}"#, "holdout.slices"),
        (#"{"kind":"train","holdout":{"slices":[{"volume":"coloured","axis":"z","index":3}]}}"#, "holdout.slices"),
        (#"{"kind":"train","recipe":{"loss":{"class_weights":[1,1,1]}}}"#, "recipe.loss.class_weights"),
        (#"{"kind":"train","recipe":{"loss":{"class_weights":[0,0]}}}"#, "recipe.loss.class_weights"),
        (#"{"kind":"train","recipe":{"base":256,"levels":7}}"#, "recipe"),
        (#"{"kind":"predict"}"#, "model"),
        (#"{"kind":"predict","model":"round9"}"#, "model"),
        (#"{"kind":"crossvalidate","folds":5}"#, "folds"),
        (#"{"kind":"crossvalidate","volumes":["coloured"]}"#, "volumes"),
        (#"{"kind":"slices","counts":[1,2]}"#, "counts"),
        (#"{"kind":"transfer"}"#, "volumes"),
    ])
    func `what the project doesn't have is refused by field`(json: String, field: String) async throws {
        try await withTrainingFixture { fixture in
            _ = try await fixture.addAnnotatedVolume("kidney1")
            try await fixture.addVolume("coloured", channels: 3)
            #expect(try await fault(fixture, json) == field)
            #expect(try await fixture.store.jobs(project: fixture.project.id).isEmpty)
        }
    }

    @Test func `several ranks need a Slurm with an MPI, and are refused with the remedy, also on a retry`()
        async throws
    {
        try await withTrainingFixture { fixture in
            _ = try await fixture.addAnnotatedVolume("kidney1")
            let two = try JobRequest(json: Data(#"{"kind":"train","budget":{"steps":1},"ranks":2}"#.utf8))
            func queue(_ launcher: RankLauncher) -> JobQueue {
                var settings = fixture.predictions.settings
                (settings.rankLauncher, settings.computesJobs) = (launcher, false)
                return JobQueue(
                    store: fixture.store, predictions: PredictionService(store: fixture.store, settings: settings),
                    logger: .silent)
            }
            let refusals = [(RankLauncher.none, "workers.engine"), (.slurmWithoutMPI, "workers.slurm.mpi is")]
            for (launcher, remedy) in refusals {
                let error = await #expect(throws: JobError.self) {
                    try await queue(launcher).submit(two, to: fixture.project)
                }
                guard case .invalid(field: "ranks", detail: let detail)? = error else { throw error ?? JobError.busy }
                #expect(detail.contains(remedy))
            }
            let job = try await queue(.slurm).submit(two, to: fixture.project)
            #expect(job.request.contains(#""ranks":2"#))
            // A server whose settings have changed fails it, instead of training by one process.
            var ended: JobRecord?
            try await fixture.running { ended = try await fixture.end(of: job) }
            let failed = try #require(ended)
            #expect(failed.state == .failed && failed.error?.contains("workers.engine") == true)
            await #expect(throws: JobError.self) { try await fixture.queue.retry(failed) }
            #expect(try await queue(.slurm).retry(failed).request == job.request)
            #expect(try await fault(fixture, #"{"kind":"train","ranks":1}"#) == nil)
        }
    }

    @Test func `a 2D training needs a slice on z`() async throws {
        try await withTrainingFixture { fixture in
            let volume = try await fixture.addVolume("kidney1")
            try await fixture.annotate(volume, .y, 1)
            let json = #"{"kind":"train","recipe":{"dimensions":2}}"#
            #expect(try await fault(fixture, json) == "recipe.dimensions")
            try await fixture.annotate(volume, .z, 1)
            #expect(try await fault(fixture, json) == nil)
            let held = #"{"slices":[{"volume":"kidney1","axis":"z","index":1}]}"#
            let allHeld = #"{"kind":"train","recipe":{"dimensions":2},"holdout":\#(held)}"#
            #expect(try await fault(fixture, allHeld) == "recipe.dimensions")
        }
    }

    @Test func `all slices can't be held out`() async throws {
        try await withTrainingFixture { fixture in
            let volume = try await fixture.addVolume("kidney1")
            try await fixture.annotate(volume, .z, 1)
            let json = #"{"kind":"train","holdout":{"slices":[{"volume":"kidney1","axis":"z","index":1}]}}"#
            #expect(try await fault(fixture, json) == "holdout.slices")
        }
    }

    @Test func `a slice without labels neither is held out nor left to learn from`() async throws {
        try await withTrainingFixture { fixture in
            let volume = try await fixture.addVolume("kidney1")
            try await fixture.annotate(volume, .z, 1)
            try await fixture.blank(volume, .z, 0)
            func json(_ index: Int) -> String {
                #"{"kind":"train","holdout":{"slices":[{"volume":"kidney1","axis":"z","index":\#(index)}]}}"#
            }
            #expect(try await fault(fixture, json(0)) == "holdout.slices")
            #expect(try await fault(fixture, json(1)) == "holdout.slices")
            try await fixture.annotate(volume, .z, 2)
            #expect(try await fault(fixture, json(1)) == nil)
        }
    }

    @Test func `a model's name is taken from when its job waits`() async throws {
        try await withTrainingFixture { fixture in
            _ = try await fixture.addAnnotatedVolume("kidney1")
            #expect(try await fault(fixture, #"{"kind":"train","name":"round1"}"#) == nil)
            let again = try JobRequest(json: Data(#"{"kind":"train","name":"round1"}"#.utf8))
            let error = await #expect(throws: StoreError.self) {
                try await fixture.queue.submit(again, to: fixture.project)
            }
            #expect(error?.description.contains("job 1 will make a model \"round1\"") == true)
        }
    }

    @Test func `volumes of different channels can't be learnt from together`() async throws {
        try await withTrainingFixture { fixture in
            _ = try await fixture.addAnnotatedVolume("kidney1")
            let coloured = try await fixture.addVolume("coloured", channels: 3)
            try await fixture.annotate(coloured, .z, 1)
            #expect(try await fault(fixture, #"{"kind":"train"}"#) == "volumes")
            #expect(try await fault(fixture, #"{"kind":"train","volumes":["coloured"]}"#) == nil)
        }
    }

    @Test func `a volume that is the same everywhere can't be learnt from`() async throws {
        try await withTrainingFixture { fixture in
            _ = try await fixture.addAnnotatedVolume("kidney1")
            let blank = try await fixture.addHollowVolume("blank", edge: 8, maximum: 0)
            let slice = NewAnnotation(
                at: SlicePosition(.z, 0), rows: 8, columns: 8, values: [UInt8](repeating: 1, count: 64))
            _ = try await fixture.store.postAnnotations(volume: blank.id, [slice])
            let (field, detail) = try #require(await refusal(fixture, #"{"kind":"train"}"#))
            #expect(field == "volumes")
            #expect(detail.contains("\"blank\" every voxel has the same value, 0.0"), "\(detail)")
            #expect(await refusal(fixture, #"{"kind":"train","volumes":["kidney1"]}"#) == nil)
        }
    }

    @Test func `a project that is gone is not found`() async throws {
        try await withJobFixture { fixture in
            try await fixture.store.deleteProject(named: fixture.project.name)
            await #expect(throws: StoreError.self) {
                try await fixture.queue.submit(.train(TrainingRequest()), to: fixture.project)
            }
        }
    }

    /// What a refused request is told.
    private func refusal(_ fixture: TrainingFixture, _ json: String) async -> (field: String, detail: String)? {
        do {
            let request = try JobRequest(json: Data(json.utf8))
            _ = try await fixture.queue.submit(request, to: fixture.project)
        } catch JobError.invalid(let field, let detail) {
            return (field, detail)
        } catch {
            Issue.record("\(error)")
        }
        return nil
    }

    @Test func `what can't fit the disk or the memory is refused with the numbers`() async throws {
        try await withTrainingFixture { fixture in
            _ = try await fixture.addAnnotatedVolume("kidney1")
            try await fixture.addHollowVolume("huge", edge: 40_000)
            let wide = try await fixture.addHollowVolume("wide", edge: 1024)
            let slice = NewAnnotation(
                at: SlicePosition(.z, 0), rows: 1024, columns: 1024, values: [UInt8](repeating: 1, count: 1 << 20))
            _ = try await fixture.store.postAnnotations(volume: wide.id, [slice])
            try await fixture.running {
                try await fixture.end(of: fixture.train(steps: 1) { $0.volumes = ["kidney1"] })
            }
            for (json, wanted) in [
                (#"{"kind":"predict","volumes":["huge"]}"#, "volumes"),
                (#"{"kind":"train","volumes":["kidney1"],"predict":["huge"]}"#, "predict"),
            ] {
                let (field, detail) = try #require(await refusal(fixture, json))
                #expect(field == wanted)
                #expect(detail.contains("320000.0 GB") && detail.contains("are free"), "\(detail)")
            }
            let recipe = #""recipe":{"base":256,"batch":64,"patch":{"z":1024,"y":1024,"x":1024}}"#
            for json in [
                #"{"kind":"train","volumes":["wide"],"predict":[],"from":"scratch",\#(recipe)}"#,
                #"{"kind":"slices","volumes":["wide"],"counts":[1],"variants":[{}],\#(recipe)}"#,
            ] {
                let (field, detail) = try #require(await refusal(fixture, json))
                #expect(field == "recipe")
                #expect(detail.contains("1024×1024×1024") && detail.contains("memory"), "\(detail)")
            }
            // A training that starts from a model has that model's width, whatever the recipe says.
            let ample =
                #""volumes":["wide"],"predict":[],"recipe":{"base":256,"batch":16,"patch":{"z":96,"y":96,"x":96}}"#
            #expect(await refusal(fixture, #"{"kind":"train","from":"scratch",\#(ample)}"#)?.field == "recipe")
            #expect(await refusal(fixture, #"{"kind":"train",\#(ample)}"#) == nil)
        }
    }
}
