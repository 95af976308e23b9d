import Foundation
import JSON
import Network
import Tensors
import TestSupport
import Testing
import Training
import Volumes

@Suite(.serialized) struct ExperimentTests {
    private static let recipe = JSONValue.object([
        "base": .number(4), "levels": .number(2),
        "patch": .object(["z": .number(8), "y": .number(16), "x": .number(16)]),
    ])

    private func volume(_ name: String, seed: UInt64 = 1, truth: Bool) throws -> ExperimentVolume {
        let scene = try SyntheticScene(Extent(z: 16, y: 24, x: 24), seed: seed)
        return ExperimentVolume(
            name: name, image: scene.image, statistics: scene.statistics,
            slices: try Fixtures.slices(2, of: scene.truth),
            truth: truth ? scene.truth : nil)
    }

    private func subjects(_ volumes: [ExperimentVolume]) -> [ExperimentSubject] {
        volumes.map { volume in
            ExperimentSubject(
                name: volume.name, header: volume.image.header,
                slices: volume.slices.map { VolumeSlice(volume: volume.name, at: $0.position) },
                hasTruth: volume.truth != nil)
        }
    }

    private func plan(_ volumes: [ExperimentVolume], steps: Int = 4) throws -> ExperimentPlan {
        let variants = try ExperimentVariant.list(ExperimentKind.crossvalidate.usualVariants, of: Self.recipe)
        return try .crossvalidation(
            subjects(volumes), classes: ["ground", "ball"], folds: 2, variants: variants, budget: Budget(steps: steps))
    }

    @Test func `what is scored is the held-out slices but for the lines that were learnt from`() throws {
        let volumes = [try volume("a", truth: false)]
        let plan = try plan(volumes)
        let outcome = try Experiment(plan, volumes: volumes, engine: Engine()).run(
            progress: { _ in .proceed }, checkpoint: { _, _ in })
        #expect(!outcome.isStopped)
        #expect(outcome.results.count == 6)
        let extent = volumes[0].image.header.extent
        for (trial, result) in zip(plan.trials, outcome.results) {
            var expected = 0
            let held = SparseLabels(
                of: volumes[0].image.header,
                slices: volumes[0].slices.filter { slice in
                    trial.test.slices?.contains { $0.position == slice.position } == true
                })
            let known = try held.labels(Box(extent: extent))
            var place = 0
            for z in 0..<extent.z {
                for y in 0..<extent.y {
                    for x in 0..<extent.x {
                        let voxel = Voxel(z: z, y: y, x: x)
                        let isLearnt = trial.training.contains { $0.index == voxel[$0.axis] }
                        if known[place] != 255, !isLearnt { expected += 1 }
                        place += 1
                    }
                }
            }
            #expect(result.voxels == expected)
            #expect(result.steps == 4)
            #expect(result.error == nil)
            #expect(result.confusion.joined().reduce(0, +) == expected)
        }
        let page = ExperimentResult(plan, outcome.results)
        #expect(page.series.map(\.name) == ["3D, batch norm", "3D, no norm", "2D, batch norm"])
        #expect(page.series.allSatisfy { $0.points.count == 2 && $0.meanIoU != nil })
        #expect(
            page.warnings == [
                #"A 2D network learns from the slices on axis z alone, unless "sampling":{"planes":"all"} says otherwise."#
            ])
    }

    @Test func `volumes that have nothing in common learn their own classes`() throws {
        let volumes = [try volume("a", truth: true), try volume("b", seed: 2, truth: true)]
        var subjects = subjects(volumes)
        subjects[0].classes = 2
        let variants = try ExperimentVariant.list([.object([:])], of: Self.recipe)
        var plan = try ExperimentPlan.presets(
            subjects, classes: ["ground", "ball", "other"], variants: variants, seconds: [60])
        #expect(plan.trials.map(\.classes) == [2, nil])
        for place in plan.trials.indices { plan.trials[place].budget = Budget(steps: 2) }
        let outcome = try Experiment(plan, volumes: volumes, engine: Engine()).run(
            progress: { _ in .proceed }, checkpoint: { _, _ in })
        #expect(outcome.results.map(\.error) == [nil, nil])
        #expect(outcome.results.map(\.confusion.count) == [2, 3])
        #expect(outcome.results.map(\.iou.count) == [3, 3])
        #expect(outcome.results[0].iou[2] == nil)
        #expect(ExperimentResult(plan, outcome.results).series[0].points[0].iou.count == 3)
    }

    @Test func `an interrupted experiment ends with what it would have found`() throws {
        let volumes = [try volume("a", truth: false)]
        let plan = try plan(volumes)
        let whole = try Experiment(plan, volumes: volumes, engine: Engine()).run(
            progress: { _ in .proceed }, checkpoint: { _, _ in })
        var seen: [Int] = []
        let first = try Experiment(plan, volumes: volumes, engine: Engine()).run(
            progress: { now in
                if case .training(let training) = now.trial, now.run == 3, training.step == 2 { return .stop }
                return .proceed
            }, checkpoint: { _, _ in })
        #expect(first.isStopped)
        #expect(first.results.count == 2)
        let checkpoint = try #require(first.checkpoint)
        let second = try Experiment(plan, volumes: volumes, engine: Engine()).run(
            done: first.results, resume: checkpoint,
            progress: { now in
                if case .training(let training) = now.trial { seen.append(now.run * 10 + training.step) }
                return .proceed
            }, checkpoint: { _, _ in })
        #expect(seen.first == 33)
        #expect(second.results.map(\.confusion) == whole.results.map(\.confusion))
    }

    @Test func `a 2D network learns from z slices alone and predicts the volume plane by plane`() throws {
        let scene = try SyntheticScene(Extent(z: 12, y: 32, x: 32))
        let recipe = try Recipe(
            json: Data(
                #"{"base":8,"levels":2,"dimensions":2,"statistics":"running","augmentation":{"gray":false}}"#.utf8))
        let resolved = try recipe.resolved(for: [scene.image.header], classes: 2)
        #expect(resolved.patch == .fixed(Extent(z: 1, y: 32, x: 32)))
        let planes = try (0..<6).map { try Fixtures.slice(.z, 2 * $0, of: scene.truth) }
        func train(_ slices: [AnnotatedSlice], steps: Int) throws -> (losses: [Double], result: TrainingResult) {
            var losses: [Double] = []
            let volume = TrainingVolume(
                name: "s", image: scene.image, statistics: scene.statistics, slices: slices)
            let trainer = try Trainer(
                volumes: [volume], classes: ["ground", "ball"], recipe: recipe, budget: Budget(steps: steps),
                engine: Engine())
            let result = try trainer.run(progress: {
                losses.append($0.loss); return .proceed
            })
            return (losses, result)
        }
        // What is annotated across the planes makes no difference.
        let across = try [Fixtures.slice(.y, 16, of: scene.truth), Fixtures.slice(.x, 16, of: scene.truth)]
        #expect(try train(planes, steps: 5).losses == train(planes + across, steps: 5).losses)
        #expect(throws: TrainingError.self) { try train(across, steps: 5) }
        let (losses, result) = try train(planes, steps: 120)
        let (early, late) = (losses.prefix(10).reduce(0, +), losses.suffix(10).reduce(0, +))
        #expect(late < early / 2)
        let predictor = try Predictor(model: result.checkpoint, recipe: result.recipe, engine: Engine())
        let (labels, whole) = try scene.predict(predictor)
        let report = try Report.measure(
            model: "m", prediction: labels, training: planes, truth: scene.truth, classes: ["ground", "ball"])
        #expect(try #require(report.truth?.meanIoU) > 0.7)
        // A plane alone gives the same as within the volume.
        var alone: [Float] = []
        _ = try predictor.predict(
            scene.image, statistics: scene.statistics,
            only: Box(slice: SlicePosition(.z, 5), of: scene.image.header.extent)
        ) { _, _, probabilities in alone = probabilities }
        let size = 32 * 32
        #expect(alone[..<size].elementsEqual(whole[5 * size..<6 * size]))
        var changed = scene.image.bytes
        for place in 6 * size..<7 * size { changed[place] = 255 - changed[place] }
        let other = try InMemoryVolume(header: scene.image.header, bytes: changed)
        var beside: [Float] = []
        _ = try predictor.predict(
            other, statistics: scene.statistics, only: Box(slice: SlicePosition(.z, 5), of: scene.image.header.extent)
        ) { _, _, probabilities in beside = probabilities }
        #expect(beside == alone)
    }

    @Test func `a training that can't be made is a result with its reason, and the others go on`() throws {
        var lines = try volume("a", truth: true)
        lines.slices.removeAll { $0.axis == .z }
        let variants = try ExperimentVariant.list(
            [.object(["dimensions": .number(2)]), .object([:])], of: Self.recipe)
        let plan = try ExperimentPlan.slices(
            subjects([lines]), classes: ["ground", "ball"], counts: [1], variants: variants, budget: Budget(steps: 2))
        let outcome = try Experiment(plan, volumes: [lines], engine: Engine()).run(
            progress: { _ in .proceed }, checkpoint: { _, _ in })
        #expect(outcome.results[0].error?.contains("axis z") == true)
        #expect(outcome.results[0].meanIoU == nil)
        #expect(outcome.results[1].meanIoU != nil)
        let page = ExperimentResult(plan, outcome.results)
        #expect(page.warnings.contains { $0.contains("axis z") })
        #expect(page.markdown.contains("| 1 per axis | – | 0."))
    }

    @Test func `only the tiles that have something to score are predicted`() throws {
        let scene = try SyntheticScene(Extent(z: 16, y: 24, x: 24))
        var random = Random(seed: 1)
        let network = try UNet(UNetConfiguration(classes: 2, base: 4, levels: 2), using: &random)
        let predictor = try Predictor(
            model: Checkpoint(network: network, step: 0), recipe: Preset.fast.recipe, engine: Engine(),
            plan: TilePlan(output: Extent(z: 8, y: 8, x: 8), halo: Extent(z: 2, y: 2, x: 2)))
        let plane = Box(slice: SlicePosition(.x, 20), of: scene.image.header.extent)
        var (all, some) = (Set<Box>(), Set<Box>())
        _ = try predictor.predict(scene.image, statistics: scene.statistics) { box, _, _ in all.insert(box) }
        _ = try predictor.predict(
            scene.image, statistics: scene.statistics, where: { !$0.intersection(plane).isEmpty }
        ) { box, _, _ in some.insert(box) }
        #expect(!some.isEmpty)
        #expect(some == all.filter { !$0.intersection(plane).isEmpty })
        #expect(some.count < all.count)
    }

    @Test func `a trial that diverges is a row with its reason, whatever it had learned before`() throws {
        let volumes = [try volume("a", truth: true)]
        let outcome = try Experiment(plan(volumes, steps: 60), volumes: volumes, engine: WatchedEngine(breaksAfter: 34))
            .run(progress: { _ in .proceed }, checkpoint: { _, _ in })
        #expect(outcome.results.count == 6 && !outcome.isStopped)
        #expect(outcome.results.allSatisfy { $0.error?.contains("after step 34") == true && $0.meanIoU == nil })
        #expect(outcome.results.contains { $0.error?.contains("diverged") == true })
    }
}
