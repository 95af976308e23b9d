import Foundation
import JSON
import Jobs
import Store
import Testing
import Training
import Volumes

@Suite(.serialized, .timeLimit(.minutes(10))) struct TrainingJobTests {
    @Test func `a training makes a model, predicts and reports`() async throws {
        try await withTrainingFixture { fixture in
            let volume = try await fixture.addAnnotatedVolume("kidney1")
            try await fixture.addVolume("bare")
            try await fixture.setTruth(volume)
            try await fixture.running {
                let job = try await fixture.end(of: fixture.train(steps: 40))
                #expect(job.state == .succeeded, "\(job.error ?? "")")
                #expect(job.model == "model-\(job.id)")
                #expect(job.progress?.contains(#""step":40"#) == true)
                let model = try await fixture.store.model(project: fixture.project.id, name: "model-\(job.id)")
                #expect(model.parent == nil)
                #expect(model.job == job.id)
                #expect(model.labelsHash?.count == 64)
                #expect(model.classes == ["outside", "inside"])
                let recipe = try Recipe(json: Data(model.recipe.utf8))
                #expect(recipe.base == .fixed(2))
                #expect(recipe.augmentation.mirror != .auto)
                let curve = try await fixture.store.curve(job: job.id)
                #expect(curve.last?.step == 40)
                let prediction = try await fixture.store.prediction(volume: volume.id)
                #expect(prediction.model == model.id)
                let result = try #require(job.result)
                #expect(result.contains(#""volume":"kidney1""#))
                #expect(!result.contains("bare"))
                let report = try await fixture.report("kidney1")
                #expect(report.model == model.name)
                #expect(report.training?.meanIoU ?? 0 > 0.5)
                #expect(report.truth?.meanIoU ?? 0 > 0.5)
                #expect(report.heldout == nil)
                let summary = try JSONDecoder().decode(Summary.self, from: Data(result.utf8))
                #expect(summary.volumes.first?.truth?.mean_iou == report.truth?.meanIoU)
                #expect(summary.steps == 40)
            }
        }
    }

    private struct Summary: Decodable {
        struct Part: Decodable { var mean_iou: Double }
        struct Volume: Decodable { var truth: Part? }
        var steps: Int
        var volumes: [Volume]
    }

    @Test func `the next training starts from the latest model and holds slices out`() async throws {
        try await withTrainingFixture { fixture in
            let volume = try await fixture.addAnnotatedVolume("kidney1")
            try await fixture.running {
                let first = try await fixture.end(of: fixture.train(steps: 3) { $0.name = "round1" })
                #expect(first.model == "round1", "\(first.error ?? "")")
                let job = try await fixture.train(steps: 3) {
                    $0.holdout = .slices([VolumeSlice(volume: "kidney1", at: SlicePosition(.z, 5))])
                    $0.name = "round2"
                }
                let second = try await fixture.end(of: job)
                #expect(second.state == .succeeded, "\(second.error ?? "")")
                let model = try await fixture.store.model(project: fixture.project.id, name: "round2")
                #expect(model.parent == "round1")
                #expect(model.heldOut == #"[{"axis":"z","index":5,"volume":"kidney1"}]"#)
                let learnt = [("z", 2, 1), ("y", 12, 3), ("x", 10, 4)].map {
                    #"{"axis":"\#($0)","index":\#($1),"revision":\#($2)}"#
                }
                #expect(model.trainedOn == #"{"kidney1":[\#(learnt.joined(separator: ","))]}"#)
                let (rows, columns) = TrainingFixture.extent.slice(on: .z)
                let report = try await fixture.report("kidney1")
                #expect(report.heldout?.voxels == rows * columns)
                // The first round has learnt from it, which makes the score too good.
                #expect(report.warnings.contains { $0.contains("1 of the held-out slices was used to train") })
                #expect(second.result?.contains("1 of 1 held-out slice was used to train round1") == true)
                // A slice annotated since is new to the model, but for the lines that it learnt from.
                try await fixture.annotate(volume, .z, 7)
                let later = try await fixture.report("kidney1")
                #expect(later.heldout?.voxels == 2 * rows * columns - (rows + columns - 1))
                #expect(later.training == report.training)
            }
        }
    }

    @Test func `the same labels have the same hash in whatever order they came`() async throws {
        try await withTrainingFixture { fixture in
            for (name, slices) in [("a", [(Axis.z, 2), (.y, 12)]), ("b", [(.y, 12), (.z, 2)]), ("c", [(.z, 2)])] {
                let project = try await fixture.store.putProject(
                    name: "p-\(name)", description: nil, classes: fixture.project.classes
                ).project
                let there = TrainingFixture(store: fixture.store, project: project)
                let volume = try await there.addVolume("kidney")
                for (axis, index) in slices { try await there.annotate(volume, axis, index) }
            }
            try await fixture.running {
                var hashes: [String] = []
                for name in ["p-a", "p-b", "p-c"] {
                    var request = TrainingRequest()
                    request.recipe = TrainingFixture.recipe
                    request.budget = Budget(steps: 1)
                    request.predict = []
                    let job = try await fixture.queue.submit(.train(request), to: fixture.store.project(named: name))
                    try await fixture.end(of: job)
                    let model = try #require(try await fixture.store.latestModel(project: job.project))
                    hashes.append(model.labelsHash ?? "")
                }
                #expect(hashes[0] == hashes[1])
                #expect(hashes[0] != hashes[2])
            }
        }
    }

    @Test func `a cancelled training keeps what it learnt as a model`() async throws {
        try await withTrainingFixture { fixture in
            _ = try await fixture.addAnnotatedVolume("kidney1")
            try await fixture.running {
                let job = try await fixture.train(steps: 1_000_000)
                for try await event in fixture.queue.events(job: job.id) where event.type == "progress" { break }
                _ = try await fixture.queue.cancel(job)
                let cancelled = try await fixture.end(of: job)
                #expect(cancelled.state == .cancelled)
                let name = try #require(cancelled.model)
                let model = try await fixture.store.model(project: fixture.project.id, name: name)
                #expect(model.metrics?.contains(#""ending":"stopped""#) == true)
                // By its name only: nobody else is to go on from it.
                #expect(model.state == .cancelled)
                #expect(try await fixture.store.latestModel(project: fixture.project.id) == nil)
                await #expect(throws: JobError.self) {
                    try await fixture.queue.submit(.predict(PredictionRequest()), to: fixture.project)
                }
                let next = try await fixture.end(of: fixture.train(steps: 1) { $0.predict = [] })
                let fresh = try #require(next.model)
                #expect(try await fixture.store.model(project: fixture.project.id, name: fresh).parent == nil)
                let named = try await fixture.end(
                    of: fixture.queue.submit(.predict(PredictionRequest(model: name)), to: fixture.project))
                #expect(named.state == .succeeded && named.model == name)
                let box = Box(slice: SlicePosition(.z, 3), of: TrainingFixture.extent)
                let volume = try await fixture.store.volume(project: fixture.project.id, name: "kidney1")
                let slice = try await fixture.predictions.predict(box, of: volume, by: model)
                #expect(slice.model == name)
                #expect(slice.labels.count == box.extent.voxels)
            }
        }
    }

    @Test func `a stopped server's training goes on from its step at the next start`() async throws {
        try await withTrainingFixture { fixture in
            _ = try await fixture.addAnnotatedVolume("kidney1")
            let job = try await fixture.train(steps: 1_000_000)
            try await fixture.running {
                for try await event in fixture.queue.events(job: job.id) where event.type == "progress" { break }
            }
            let requeued = try await fixture.store.job(id: job.id)
            #expect(requeued.state == .queued)
            let before = try step(of: requeued)
            #expect(before > 0)
            let last = try await fixture.store.events(job: job.id).last?.sequence
            let successor = try await TrainingFixture(store: fixture.store)
            try await successor.running {
                var logs: [String] = []
                for try await event in successor.queue.events(job: job.id, after: last) {
                    if event.type == "progress" { break }
                    logs.append(event.data)
                }
                #expect(logs.contains(#"{"message":"continuing from the checkpoint at step \#(before)"}"#))
                _ = try await successor.queue.cancel(job)
                let ended = try await successor.end(of: job)
                #expect(ended.state == .cancelled)
                #expect(ended.attempts == 2)
                #expect(try step(of: ended) > before)
                #expect(ended.model != nil)
            }
        }
    }

    @Test func `the plan that a checkpoint begins with is written as ever, so that older ones go on`() async throws {
        try await withTrainingFixture { fixture in
            let volume = try await fixture.addAnnotatedVolume("kidney1")
            let job = try await fixture.train(steps: 1_000_000) {
                $0.holdout = .slices([VolumeSlice(volume: "kidney1", at: SlicePosition(.z, 5))])
            }
            try await fixture.running {
                for try await event in fixture.queue.events(job: job.id) where event.type == "progress" { break }
            }
            let bytes = try #require(try await fixture.store.checkpoint(job: job.id))
            let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
            guard case .object(let plan) = try JSONValue(json: bytes.dropFirst(8).prefix(length)) else {
                Issue.record("the plan is no object")
                return
            }
            #expect(Set(plan.names) == ["volumes", "heldOut", "recipe", "budget", "classes"])
            #expect(
                plan["heldOut"] == (try JSONValue(json: Data(#"[{"axis":"z","index":5,"volume":"kidney1"}]"#.utf8))))
            let slices = [("z", 2, 1), ("z", 5, 2), ("y", 12, 3), ("x", 10, 4)].map {
                #"{"axis":"\#($0)","index":\#($1),"revision":\#($2)}"#
            }
            let volumes = """
                [{"id":\(volume.id),"image":{"rawValue":\(volume.image)},"name":"kidney1",
                "slices":[\(slices.joined(separator: ","))]}]
                """
            #expect(plan["volumes"] == (try JSONValue(json: Data(volumes.utf8))))
        }
    }

    @Test func `an interrupted training that is cancelled while it waits becomes the model of its checkpoint`()
        async throws
    {
        try await withTrainingFixture { fixture in
            _ = try await fixture.addAnnotatedVolume("kidney1")
            let job = try await fixture.train(steps: 1_000_000)
            try await fixture.running {
                for try await event in fixture.queue.events(job: job.id) where event.type == "progress" { break }
            }
            let before = try step(of: try await fixture.store.job(id: job.id))
            let successor = try await TrainingFixture(store: fixture.store)
            let waiting = try await successor.queue.cancel(job)
            #expect(waiting.state == .queued)
            try await successor.running {
                let ended = try await successor.end(of: job)
                #expect(ended.state == .cancelled)
                #expect(ended.model != nil)
                #expect(try step(of: ended) >= before)
            }
        }
    }

    private func step(of job: JobRecord) throws -> Int {
        try JSONDecoder().decode(JobProgress.self, from: Data((job.progress ?? "{}").utf8)).step ?? 0
    }

    @Test func `a job interrupted while predicting doesn't train again`() async throws {
        try await withTrainingFixture { fixture in
            let volume = try await fixture.addAnnotatedVolume("kidney1")
            let store = fixture.store
            try await fixture.running { try await fixture.end(of: fixture.train(steps: 2)) }
            let model = try #require(try await store.latestModel(project: fixture.project.id))
            // As a process leaves it that was killed after it had stored the model.
            let job = try await fixture.train(steps: 1_000_000)
            _ = try await store.nextQueuedJob()
            let made = NewModel(
                name: "made", classes: model.classes, recipe: model.recipe, configuration: model.configuration,
                metrics: model.metrics, heldOut: model.heldOut, trainedOn: model.trainedOn, job: job.id)
            let stored = try await store.addModel(
                project: fixture.project.id, made, weights: store.weights(model: model.id))
            let successor = try await TrainingFixture(store: store)
            try await successor.running {
                let ended = try await successor.end(of: job)
                #expect(ended.state == .succeeded, "\(ended.error ?? "")")
                #expect(ended.model == "made")
                #expect(try await store.models(project: fixture.project.id).count == 2)
                #expect(try await store.prediction(volume: volume.id).model == stored.id)
            }
        }
    }

    @Test func `the log counts a single slice as one`() async throws {
        try await withTrainingFixture { fixture in
            let volume = try await fixture.addVolume("kidney1")
            try await fixture.annotate(volume, .z, 2)
            try await fixture.running {
                let job = try await fixture.end(of: fixture.train(steps: 1) { $0.predict = [] })
                let log = try await fixture.store.events(job: job.id).filter { $0.type == "log" }.map(\.data)
                #expect(log.contains { $0.contains("learning from 1 slice of kidney1, from scratch") })
                #expect(job.result?.contains("1 step in ") == true)
            }
        }
    }

    @Test func `a prediction on demand agrees with the stored one`() async throws {
        try await withTrainingFixture { fixture in
            let volume = try await fixture.addAnnotatedVolume("kidney1")
            try await fixture.running {
                try await fixture.end(of: fixture.train(steps: 5))
                let stored = try await fixture.store.prediction(volume: volume.id)
                for axis in Axis.allCases {
                    let box = Box(slice: SlicePosition(axis, 4), of: TrainingFixture.extent)
                    let slice = try await fixture.predict(box, of: "kidney1")
                    let labels = try fixture.store.source(grid: stored.labels).labels(box)
                    #expect(slice.labels == labels)
                    #expect(slice.probabilities.count == 2 * box.extent.voxels)
                }
                // The volume is one tile, which serves all slices that cross it.
                #expect(fixture.predictions.computedTiles == 1)
            }
        }
    }

    @Test func `a prediction on demand that nobody waits for is cancelled`() async throws {
        try await withTrainingFixture { fixture in
            _ = try await fixture.addAnnotatedVolume("kidney1")
            try await fixture.running {
                try await fixture.end(of: fixture.train(steps: 1))
                let isCancelled = await withTaskGroup(of: Bool.self) { group in
                    group.cancelAll()
                    group.addTask {
                        do {
                            _ = try await fixture.predict(
                                Box(extent: TrainingFixture.extent), of: "kidney1")
                            return false
                        } catch {
                            return error is CancellationError
                        }
                    }
                    return await group.next() ?? false
                }
                #expect(isCancelled)
            }
        }
    }

    @Test func `a prediction job predicts other volumes with a model`() async throws {
        try await withTrainingFixture { fixture in
            _ = try await fixture.addAnnotatedVolume("kidney1")
            let other = try await fixture.addVolume("kidney2")
            try await fixture.running {
                try await fixture.end(of: fixture.train(steps: 2) { $0.name = "round1" })
                let request = JobRequest.predict(PredictionRequest(model: "round1", volumes: ["kidney2"]))
                let submitted = try await fixture.queue.submit(request, to: fixture.project)
                let job = try await fixture.end(of: submitted)
                #expect(job.state == .succeeded, "\(job.error ?? "")")
                #expect(try await fixture.store.prediction(volume: other.id).modelName == "round1")
                #expect(job.result?.contains(#""volume":"kidney2""#) == true)
            }
        }
    }

    @Test func `the threads that train yield to the server as far as they are told to`() async throws {
        try await withTrainingFixture { fixture in
            _ = try await fixture.addAnnotatedVolume("kidney1")
            let own = niceness(ofThread: "\(ProcessInfo.processInfo.processIdentifier)")?.value ?? 0
            // A team of two, whose second thread inherits the first one's priority.
            let wide = TrainingFixture(store: fixture.store, project: fixture.project, threads: 2, niceness: 7)
            try await wide.running {
                let job = try await wide.train(steps: 1_000_000)
                for try await event in wide.queue.events(job: job.id) where event.type == "progress" { break }
                let trainers = niceness(ofThreadsNamed: "trainer")
                // Other tests train at the same time, at a niceness of 0.
                #expect(trainers.count { $0 == min(own + 7, 19) } >= 2)
                _ = try await wide.queue.cancel(job)
                try await wide.end(of: job)
            }
        }
    }

    private func niceness(ofThreadsNamed name: String) -> [Int] {
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
        return tasks.compactMap { niceness(ofThread: $0) }.filter { $0.name == name }.map(\.value)
    }

    /// What the kernel says of a thread of this process.
    private func niceness(ofThread task: String) -> (name: String, value: Int)? {
        guard let stat = try? String(contentsOfFile: "/proc/self/task/\(task)/stat", encoding: .utf8),
            let open = stat.firstIndex(of: "("), let close = stat.lastIndex(of: ")")
        else { return nil }
        let fields = stat[close...].split(separator: " ")
        guard fields.count > 17, let value = Int(fields[17]) else { return nil }
        return (String(stat[open..<close].dropFirst()), value)
    }
}
