import Foundation
import Network
import Tensors
import Testing
import Training
import Volumes

@Suite(.serialized) struct TrainerTests {
    func recipe(_ more: String = #""seed":1"#) throws -> Recipe {
        try Recipe(json: Data(#"{"base":16,"levels":2,"patch":{"z":16,"y":16,"x":16},\#(more)}"#.utf8))
    }

    /// The losses of a training, and its result.
    func train(
        _ volumes: [TrainingVolume], _ recipe: Recipe, _ budget: Budget, classes: [String] = ["ground", "ball"],
        start: Checkpoint? = nil, resume: Checkpoint? = nil, stopAt: Int = .max
    ) throws -> (losses: [Double], result: TrainingResult) {
        let trainer = try Trainer(
            volumes: volumes, classes: classes, recipe: recipe, budget: budget, start: start, resume: resume,
            engine: Engine())
        var losses: [Double] = []
        let result = try trainer.run(progress: { progress in
            if progress.step > 0 { losses.append(progress.loss) }
            return progress.step >= stopAt ? .stop : .proceed
        })
        return (losses, result)
    }

    @Test func `a few slices teach the whole volume`() throws {
        let scene = try SyntheticScene(Extent(z: 40, y: 40, x: 40))
        let recipe = try recipe(#""optimizer":{"rate":0.003}"#)
        let (losses, result) = try train([scene.volume(2)], recipe, Budget(steps: 150))
        #expect(losses.count == 150)
        #expect(result.finished == .completed)
        let (early, late) = (losses.prefix(20).reduce(0, +), losses.suffix(20).reduce(0, +))
        #expect(late < early / 2)
        let predictor = try Predictor(model: result.checkpoint, recipe: result.recipe, engine: Engine())
        let (prediction, _) = try scene.predict(predictor)
        let report = try Report.measure(
            model: "m", prediction: prediction, training: scene.volume(2).slices, truth: scene.truth,
            classes: ["ground", "ball"])
        #expect(try #require(report.truth?.meanIoU) > 0.8)
    }

    @Test func `a seed decides a training`() throws {
        let scene = try SyntheticScene(Extent(z: 20, y: 20, x: 20))
        let one = try train([scene.volume(1)], recipe(), Budget(steps: 6))
        let same = try train([scene.volume(1)], recipe(), Budget(steps: 6))
        let other = try train([scene.volume(1)], recipe(#""seed":2"#), Budget(steps: 6))
        #expect(one.losses == same.losses)
        #expect(one.losses != other.losses)
    }

    @Test func `going on from a checkpoint gives the losses of never having stopped`() throws {
        let scene = try SyntheticScene(Extent(z: 20, y: 20, x: 20))
        let recipe = try recipe(#""augmentation":{"rotation":10,"elastic":{"spacing":8,"sigma":1}}"#)
        let whole = try train([scene.volume(1)], recipe, Budget(steps: 12))
        let first = try train([scene.volume(1)], recipe, Budget(steps: 12), stopAt: 5)
        #expect(first.result.finished == .stopped)
        #expect(first.losses.count == 5)
        let stored = try Checkpoint(first.result.checkpoint.encoded)
        let second = try train([scene.volume(1)], recipe, Budget(steps: 12), resume: stored)
        #expect(first.losses + second.losses == whole.losses)
        #expect(second.result.curve.map(\.loss) == whole.result.curve.map(\.loss))
    }

    @Test(arguments: [
        #"{"preset":"fast","base":4,"levels":2,"patch":{"z":8,"y":16,"x":16}}"#, #"{"preset":"default"}"#,
    ])
    func `a training that is interrupted after its last step ends as it would have`(recipe: String) throws {
        let scene = try SyntheticScene(Extent(z: 16, y: 32, x: 32))
        let recipe = try Recipe(json: Data(recipe.utf8))
        func trainer(resume: Checkpoint? = nil) throws -> Trainer {
            try Trainer(
                volumes: [scene.volume(1)], classes: ["ground", "ball"], recipe: recipe, budget: Budget(steps: 24),
                resume: resume, engine: Engine())
        }
        var last: Checkpoint?
        let whole = try trainer().run(progress: { _ in .proceed }, every: 0) { last = try Checkpoint($0.encoded) }
        let stored = try #require(last)
        #expect(stored.step == 24)
        let resumed = try trainer(resume: stored).run(progress: { _ in .proceed })
        #expect(resumed.finished == .completed && whole.finished == .completed)
        #expect(try weights(resumed.checkpoint) == weights(whole.checkpoint))
        // The smaller patches had their axes exchanged; the others hold the whole volume.
        let exchanged = recipe.preset == .fast ? Axis.allCases : []
        #expect(whole.recipe.augmentation.transpose == .fixed(exchanged))
    }

    func weights(_ model: Checkpoint) throws -> [Float] {
        let network = try model.makeNetwork()
        return withExtendedLifetime(network) { Array(network.parameters.values) }
    }

    @Test func `the average of the weights is what is kept, and an interruption changes nothing`() throws {
        let scene = try SyntheticScene(Extent(z: 20, y: 20, x: 20))
        var volume = try scene.volume(2)
        (volume.slices, volume.heldOut) = try Holdout.fraction(0.3, seed: 1).split(
            volume.slices, volume: "scene", extent: scene.image.header.extent)
        let recipe = try recipe(#""average":{"decay":0.9},"heldout":{"keep":"best","patience":0},"statistics":"auto""#)
        let plain = try self.recipe(#""heldout":{"keep":"last"},"statistics":"running""#)
        let last = try train([volume], plain, Budget(steps: 45))
        let whole = try train([volume], recipe, Budget(steps: 45))
        #expect(whole.losses == last.losses)
        #expect(try weights(whole.result.checkpoint) != weights(last.result.checkpoint))
        #expect(whole.result.recipe.statistics.value != nil)
        let first = try train([volume], recipe, Budget(steps: 45), stopAt: 23)
        let stored = try Checkpoint(first.result.checkpoint.encoded)
        let second = try train([volume], recipe, Budget(steps: 45), resume: stored)
        #expect(first.losses + second.losses == whole.losses)
        #expect(try weights(second.result.checkpoint) == weights(whole.result.checkpoint))
        #expect(second.result.heldOutIoU == whole.result.heldOutIoU)
        // What was stopped is predicted with by the weights that were kept, not by the last ones.
        #expect(try weights(first.result.checkpoint.weightsOnly()) != weights(first.result.checkpoint))
    }

    @Test func `running statistics are those of the volumes, however patches are varied`() throws {
        let scene = try SyntheticScene(Extent(z: 20, y: 20, x: 20))
        func statistics(_ augmentation: String) throws -> [[Float]] {
            let recipe = try recipe(
                #""optimizer":{"kind":"sgd","rate":1e-9},"augmentation":{\#(augmentation)}"#)
            let network = try train([scene.volume(2)], recipe, Budget(steps: 24)).result.checkpoint.makeNetwork()
            return withExtendedLifetime(network) {
                network.parameters.entries.filter { $0.name.contains("running") }
                    .compactMap { network.parameters[$0.name].map(Array.init) }
            }
        }
        let plain = try statistics(#""rotation":0"#)
        let varied = try statistics(#""rotation":30,"scale":[0.7,1.4],"noise":2,"gray":{"gain":0.5}"#)
        #expect(plain.count == varied.count && !plain.isEmpty)
        for (one, other) in zip(plain, varied) {
            for (value, expected) in zip(other, one) { #expect(abs(value - expected) <= 1e-3 * max(abs(expected), 1)) }
        }
    }

    @Test func `a training on turned patches that is stopped predicts with the statistics of the tile`() throws {
        let scene = try SyntheticScene(Extent(z: 20, y: 20, x: 20))
        let turned = try recipe(#""augmentation":{"rotation":10}"#)
        let stopped = try train([scene.volume(1)], turned, Budget(steps: 12), stopAt: 5)
        #expect(stopped.result.recipe.statistics == .fixed(.current))
        #expect(try train([scene.volume(1)], turned, Budget(steps: 5)).result.recipe.statistics == .fixed(.running))
        let plain = try train([scene.volume(1)], recipe(), Budget(steps: 12), stopAt: 5)
        #expect(plain.result.recipe.statistics == .fixed(.running))
    }

    @Test func `the weights that scored best on held-out slices are kept`() throws {
        let scene = try SyntheticScene(Extent(z: 24, y: 24, x: 24))
        var volume = try scene.volume(2)
        (volume.slices, volume.heldOut) = try Holdout.fraction(0.3, seed: 1).split(
            volume.slices, volume: "scene", extent: scene.image.header.extent)
        // A rate that wrecks the network again and again makes the last weights rarely the best.
        let recipe = try recipe(#""optimizer":{"rate":0.3,"schedule":"constant"},"heldout":{"patience":0}"#)
        let (_, result) = try train([volume], recipe, Budget(steps: 130))
        let measured = result.curve.compactMap(\.heldOutIoU)
        #expect(measured.count > 1)
        #expect(result.heldOutIoU == measured.max())
    }

    @Test func `fine-tuning keeps the architecture and takes appended classes`() throws {
        let scene = try SyntheticScene(Extent(z: 20, y: 20, x: 20))
        let first = try train([scene.volume(1)], recipe(), Budget(steps: 20))
        let again = try train(
            [scene.volume(1)], Preset.default.recipe, Budget(steps: 3), classes: ["ground", "ball", "new"],
            start: first.result.checkpoint)
        #expect(again.result.recipe.base == .fixed(16))
        #expect(again.result.checkpoint.configuration.classes == 3)
        #expect(again.losses[0] < first.losses[0] * 3)
        #expect(throws: TrainingError.self) {
            try train([scene.volume(1)], recipe(), Budget(steps: 1), start: again.result.checkpoint)
        }
        let three = try SyntheticScene(Extent(z: 20, y: 20, x: 20), channels: 3)
        #expect(throws: TrainingError.self) {
            try train([three.volume(1)], recipe(), Budget(steps: 1), start: first.result.checkpoint)
        }
    }

    @Test func `a model without outputs of coarser levels gets them, and may lose them again`() throws {
        let scene = try SyntheticScene(Extent(z: 20, y: 20, x: 20))
        let plain = try train([scene.volume(1)], recipe(#""loss":{"deep":0}"#), Budget(steps: 20))
        #expect(plain.result.checkpoint.configuration.deepOutputs == nil)
        let deep = try train(
            [scene.volume(1)], recipe(#""loss":{"deep":0.5}"#), Budget(steps: 2),
            start: plain.result.checkpoint)
        #expect(deep.result.checkpoint.configuration.deepOutputs == 1)
        let again = try train(
            [scene.volume(1)], recipe(#""loss":{"deep":0}"#), Budget(steps: 2),
            start: deep.result.checkpoint)
        #expect(again.result.checkpoint.configuration == plain.result.checkpoint.configuration)
        #expect(again.losses[0] < plain.losses[0])
    }

    @Test(arguments: [(1, 24, 30), (3, 40, 40), (20, 5, 17), (9, 9, 9)], ["same", "valid", "2D"])
    func `volumes thin or small, with three channels, are learned and predicted`(
        size: (Int, Int, Int), kind: String
    ) throws {
        let scene = try SyntheticScene(Extent(z: size.0, y: size.1, x: size.2), channels: 3)
        let shape = kind == "2D" ? #""dimensions":2"# : #""padding":"\#(kind)""#
        let recipe = try Recipe(json: Data(#"{"base":16,"levels":2,\#(shape)}"#.utf8))
        let (losses, result) = try train([scene.volume(1)], recipe, Budget(steps: 2))
        #expect(losses.allSatisfy { $0.isFinite })
        let predictor = try Predictor(model: result.checkpoint, recipe: result.recipe, engine: Engine())
        let (labels, probabilities) = try scene.predict(predictor)
        #expect(labels.bytes.allSatisfy { $0 < 2 })
        #expect(probabilities.allSatisfy { $0 >= 0 && $0 <= 1.00001 })
    }

    @Test func `a network of two dimensions learns from the slices on every axis, if it is told to`() throws {
        let scene = try SyntheticScene(Extent(z: 24, y: 30, x: 36))
        var volume = try scene.volume(2)
        volume.slices.removeAll { $0.axis == .z }
        func recipe(_ planes: String) throws -> Recipe {
            try Recipe(
                json: Data(
                    #"{"dimensions":2,"base":16,"levels":2,"sampling":{"planes":"\#(planes)"},"optimizer":{"rate":0.003}}"#
                        .utf8))
        }
        #expect(throws: TrainingError.self) { try train([volume], recipe("z"), Budget(steps: 1)) }
        let (_, result) = try train([volume], recipe("all"), Budget(steps: 60))
        let predictor = try Predictor(model: result.checkpoint, recipe: result.recipe, engine: Engine())
        let report = try Report.measure(
            model: "m", prediction: scene.predict(predictor).labels, training: volume.slices, truth: scene.truth,
            classes: ["ground", "ball"])
        #expect(try #require(report.truth?.meanIoU) > 0.6)
    }

    @Test(arguments: ["same", "valid"])
    func `a network whose levels differ is learned, resumed and predicted with`(padding: String) throws {
        let scene = try SyntheticScene(Extent(z: 9, y: 32, x: 40))
        let recipe = try Recipe(
            json: Data(
                #"{"levels":3,"padding":"\#(padding)","pooling":[[1,2,2],[2,2,2]],"kernels":[[1,3,3],[3,3,3],[3,3,3]]}"#
                    .utf8))
        let (losses, result) = try train([scene.volume(1)], recipe, Budget(steps: 3))
        #expect(losses.allSatisfy { $0.isFinite })
        let stored = try Checkpoint(result.checkpoint.encoded)
        #expect(stored.configuration.windows == [[1, 2, 2], [2, 2, 2]])
        let again = try train([scene.volume(1)], Preset.default.recipe, Budget(steps: 1), start: stored)
        #expect(again.result.checkpoint.configuration == stored.configuration)
        let predictor = try Predictor(model: stored, recipe: result.recipe, engine: Engine())
        let (labels, _) = try scene.predict(predictor)
        #expect(labels.bytes.allSatisfy { $0 < 2 })
    }

    @Test(arguments: ["same", "valid"])
    func `slabs, features and Dice are learned with and predicted with`(padding: String) throws {
        let scene = try SyntheticScene(Extent(z: 24, y: 24, x: 24), channels: 2)
        let recipe = try Recipe(
            json: Data(
                #"""
                {"levels":2,"padding":"\#(padding)","batch":2,"sampling":{"rare":0.5,"slab":4,"shape":"fill"},
                 "inputs":{"smoothed":[1,2],"gradient":[1]},"loss":{"kind":"cross-entropy+dice","dice":0.5},
                 "augmentation":{"gray":{"curve":0.2},"noise":0.2,"blur":1,"rotation":10,"turn":"slice"}}
                """#.utf8))
        let (losses, result) = try train([scene.volume(1)], recipe, Budget(steps: 6))
        #expect(losses.allSatisfy { $0.isFinite })
        let stored = try Checkpoint(result.checkpoint.encoded)
        #expect(stored.configuration.channels == 8)
        // Fine-tuning sees what the model sees, whatever the recipe says.
        let again = try train([scene.volume(1)], Preset.default.recipe, Budget(steps: 1), start: stored)
        #expect(again.result.recipe.inputs == recipe.inputs)
        let predictor = try Predictor(model: stored, recipe: result.recipe, engine: Engine())
        let (labels, _) = try scene.predict(predictor)
        #expect(labels.bytes.allSatisfy { $0 < 2 })
    }

    @Test func `what is computed about the slices alone is learned and predicted`() throws {
        let scene = try SyntheticScene(Extent(z: 48, y: 48, x: 48))
        let band = #"{"levels":2,"patch":{"z":24,"y":24,"x":24},"sampling":{"slab":10,"band":6}}"#
        let whole = band.replacingOccurrences(of: "6}", with: "null}")
        let recipes = try [band, whole].map { try Recipe(json: Data($0.utf8)) }
        let both = try recipes.map { try train([scene.volume(2)], $0, Budget(steps: 60)) }
        #expect(both[0].losses != both[1].losses)
        for (recipe, (losses, result)) in zip(recipes, both) {
            let (early, late) = (losses.prefix(10).reduce(0, +), losses.suffix(10).reduce(0, +))
            #expect(late < early / 2)
            #expect(result.recipe.sampling == recipe.sampling)
            let (labels, _) = try scene.predict(
                Predictor(model: result.checkpoint, recipe: result.recipe, engine: Engine()))
            let report = try Report.measure(
                model: "m", prediction: labels, training: scene.volume(2).slices, truth: scene.truth,
                classes: ["ground", "ball"])
            #expect(try #require(report.truth?.meanIoU) > 0.6)
        }
    }

    @Test func `several volumes are learned together`() throws {
        let one = try SyntheticScene(Extent(z: 20, y: 20, x: 20), seed: 1)
        let other = try SyntheticScene(Extent(z: 12, y: 30, x: 20), seed: 2)
        let (losses, _) = try train([one.volume(1, name: "a"), other.volume(1, name: "b")], recipe(), Budget(steps: 4))
        #expect(losses.count == 4)
    }

    @Test func `held-out slices are measured on the way`() throws {
        let scene = try SyntheticScene(Extent(z: 24, y: 24, x: 24))
        var volume = try scene.volume(2)
        let (training, heldOut) = try Holdout.fraction(0.3, seed: 1).split(
            volume.slices, volume: "scene", extent: scene.image.header.extent)
        volume.slices = training
        volume.heldOut = heldOut
        let trainer = try Trainer(
            volumes: [volume], classes: ["ground", "ball"], recipe: recipe(), budget: Budget(steps: 150),
            engine: Engine())
        var steps: [Int] = []
        let result = try trainer.run(progress: { progress in
            if progress.isMeasured { steps.append(progress.step) }
            return .proceed
        })
        let measured = result.curve.compactMap(\.heldOutIoU)
        #expect(!steps.isEmpty && measured.count < 100)
        #expect(result.curve.filter { steps.contains($0.step) }.compactMap(\.heldOutIoU).count == steps.count)
        #expect(try #require(measured.last) > 0.4)
    }

    @Test func `a training that diverges says so`() throws {
        let scene = try SyntheticScene(Extent(z: 20, y: 20, x: 20))
        var random = Random(seed: 1)
        let network = try UNet(UNetConfiguration(channels: 1, classes: 2, base: 16, levels: 2), using: &random)
        network.parameters["output.bias"]?.update(repeating: .nan)
        let broken = try Checkpoint(network: network, step: 0)
        #expect(throws: TrainingError.self) {
            try train([scene.volume(1)], recipe(), Budget(steps: 2), start: broken)
        }
    }

    @Test func `an update that is too large, even the last one, makes no model`() throws {
        let scene = try SyntheticScene(Extent(z: 20, y: 20, x: 20))
        // The loss before the update is finite; the decay makes the weights infinite.
        let huge = try recipe(#""optimizer":{"kind":"adam","rate":10,"decay":1,"schedule":"constant"},"norm":"none""#)
        var random = Random(seed: 1)
        let network = try UNet(
            UNetConfiguration(channels: 1, classes: 2, base: 16, levels: 2, normalization: .none), using: &random)
        network.parameters["output.bias"]?.update(repeating: 3e38)
        let brink = try Checkpoint(network: network, step: 0)
        #expect(throws: TrainingError.self) {
            try train([scene.volume(1)], huge, Budget(steps: 1), start: brink)
        }
    }

    @Test func `patience ends when the score no longer improves`() {
        var patience = Patience()
        let verdicts = ([0.1, 0.2, 0.3] + [Double](repeating: 0.3, count: 5)).map { score in
            patience.isOver(after: score, limit: 5)
        }
        #expect(verdicts == [Bool](repeating: false, count: 7) + [true])
        #expect(patience.best == 0.3)
        let never = patience.isOver(after: 0.3, limit: 0)
        #expect(!never)
    }
}
