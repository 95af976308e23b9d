import Foundation
import Network
import Testing
import Training
import Volumes

@Suite struct RecipeTests {
    private func recipe(_ json: String) throws -> Recipe { try Recipe(json: Data(json.utf8)) }

    private func header(_ z: Int, _ y: Int, _ x: Int, channels: Int = 1) -> VolumeHeader {
        VolumeHeader(channels: channels, extent: Extent(z: z, y: y, x: x), element: .uint8)
    }

    @Test func `an empty object is the default preset`() throws {
        #expect(try recipe("{}") == Preset.default.recipe)
    }

    @Test func `a name is its preset`() throws {
        for preset in Preset.allCases {
            #expect(try recipe("\"\(preset.rawValue)\"") == preset.recipe)
            #expect(try Recipe(named: preset.rawValue) == preset.recipe)
        }
    }

    @Test func `given keys stand over those of the preset`() throws {
        let recipe = try recipe(
            """
            {"preset":"fast","base":12,"levels":"auto","norm":"none","statistics":"running","batch":2,
             "patch":{"z":8,"y":16,"x":32},"optimizer":{"kind":"sgd","rate":0.01},
             "loss":{"class_weights":[1,2.5]},
             "augmentation":{"rotation":15,"scale":[0.9,1.1],"elastic":{"sigma":2},"mirror":["y","x"]},"seed":7}
            """)
        #expect(recipe.preset == .fast)
        #expect(recipe.base == .fixed(12))
        #expect(recipe.levels == .auto)
        #expect(recipe.norm == .none)
        #expect(recipe.statistics == .fixed(.running))
        #expect(recipe.patch == .fixed(Extent(z: 8, y: 16, x: 32)))
        #expect(recipe.optimizer.kind == .sgd)
        #expect(recipe.optimizer.schedule == Preset.fast.recipe.optimizer.schedule)
        #expect(recipe.loss.classWeights == .fixed([1, 2.5]))
        #expect(recipe.augmentation.elastic == Augmentation.Elastic(spacing: 32, sigma: 2))
        #expect(recipe.augmentation.mirror == .fixed([.y, .x]))
        #expect(recipe.seed == 7)
    }

    @Test func `every preset survives JSON`() throws {
        for preset in Preset.allCases {
            let data = try JSONEncoder().encode(preset.recipe)
            #expect(try JSONDecoder().decode(Recipe.self, from: data) == preset.recipe)
        }
    }

    @Test func `a recipe with every switch survives JSON, and what is off stays off`() throws {
        let full = try recipe(
            """
            {"preset":"paper","pooling":[[1,2,2]],"kernels":"auto","statistics":"auto","test_time_mirror":["y"],
             "average":{"decay":0.95},
             "heldout":{"keep":"last","patience":3},"steps":77,
             "sampling":{"rare":0.3,"shape":"fill","slab":16,"band":6,"overhang":0.2},
             "inputs":{"smoothed":[1,3],"gradient":[1]},"loss":{"kind":"cross-entropy+dice","dice":0.5,"deep":0.2},
             "augmentation":{"elastic":null,"gray":{"gain":0.1,"curve":0.3},"noise":0.2,"blur":1,"sharpen":0.5}}
            """)
        let again = try JSONDecoder().decode(Recipe.self, from: JSONEncoder().encode(full))
        #expect(again == full)
        #expect(again.augmentation.elastic == nil)
        let off = try recipe(
            #"{"augmentation":{"gray":false},"average":null,"inputs":null,"sampling":{"slab":null,"band":null}}"#)
        #expect(try JSONDecoder().decode(Recipe.self, from: JSONEncoder().encode(off)) == off)
        #expect(off.augmentation.gray == nil && off.average == nil && off.inputs == .none)
    }

    @Test func `patches fill the voxels they may have, alike in the world`() throws {
        var volume = header(20, 256, 256)
        volume.spacing = Spacing(z: 4, y: 1, x: 1)
        let cut = try recipe(#"{"pooling":"auto"}"#).resolved(for: [volume], classes: 2).patch.value
        let fill = try recipe(#"{"pooling":"auto","sampling":{"shape":"fill"}}"#)
            .resolved(for: [volume], classes: 2).patch.value
        let (less, more) = try (#require(cut), #require(fill))
        #expect(more.voxels > less.voxels && more.y > less.y && more.y == more.x && more.z <= 20)
    }

    @Test(
        arguments: [
            (#"{"preset":"paper","dimensions":2,"patch":{"z":1,"y":1024,"x":1024}}"#, [1, 1200, 1200]),
            (#"{"dimensions":2,"sampling":{"shape":"fill"}}"#, [128, 128, 128]),
            (#"{"sampling":{"shape":"fill"}}"#, [2, 3, 1_000_000]),
        ])
    func `whatever is asked for, a model's recipe can be given again`(json: String, size: [Int]) throws {
        let resolved = try recipe(json).resolved(for: [header(size[0], size[1], size[2])], classes: 2)
        let patch = try #require(resolved.patch.value)
        #expect(Axis.allCases.allSatisfy { patch[$0] <= 1024 })
        #expect(resolved.dimensions == 3 || patch.z == 1)
        #expect(try Recipe(json: JSONEncoder().encode(resolved)) == resolved)
    }

    @Test(
        arguments: [
            (#"{"bases":16}"#, "bases"), (#"{"base":"wide"}"#, "base"), (#"{"base":16.5}"#, "base"),
            (#"{"base":0}"#, "base"), (#"{"levels":true}"#, "levels"), (#"{"norm":"layer"}"#, "norm"),
            (#"{"preset":"best"}"#, "preset"), (#"{"patch":{"z":8,"y":8}}"#, "patch.x"),
            (#"{"patch":{"z":8,"y":8,"x":8,"c":1}}"#, "patch.c"), (#"{"optimizer":{"lr":1}}"#, "optimizer.lr"),
            (#"{"optimizer":{"rate":"high"}}"#, "optimizer.rate"), (#"{"optimizer":3}"#, "optimizer"),
            (#"{"loss":{"class_weights":"even"}}"#, "loss.class_weights"),
            (#"{"augmentation":{"scale":[1.1,0.9]}}"#, "augmentation.scale"),
            (#"{"augmentation":{"mirror":["t"]}}"#, "augmentation.mirror"),
            (#"{"augmentation":{"transpose":true}}"#, "augmentation.transpose"),
            (#"{"augmentation":{"elastic":{"size":1}}}"#, "augmentation.elastic.size"), (#"{"seed":-1}"#, "seed"),
            (#"{"precision":"f16"}"#, "precision"), (#"{"pooling":"deep"}"#, "pooling"),
            (#"{"sampling":{"slab":0}}"#, "sampling.slab"), (#"{"inputs":{"blurred":[1]}}"#, "inputs.blurred"),
            (#"{"inputs":{"smoothed":[0]}}"#, "inputs.smoothed"), (#"{"average":{"decay":1}}"#, "average.decay"),
            (#"{"heldout":{"keep":"worst"}}"#, "heldout.keep"), (#"{"steps":0}"#, "steps"),
            (#"{"augmentation":{"gray":{"gamma":1}}}"#, "augmentation.gray.gamma"),
            (#"{"augmentation":{"turn":"plane"}}"#, "augmentation.turn"),
            (#"{"loss":{"kind":"dice"}}"#, "loss.kind"), (#"{"loss":{"deep":2}}"#, "loss.deep"),
            (#"{"pooling":[[1,2]]}"#, "pooling"), (#"{"pooling":[[3,1,1]]}"#, "pooling"),
            (#"{"kernels":[[3,2,3]]}"#, "kernels"), ("5", "recipe"),
            (#"{"kernels":[[1,3.5,3]]}"#, "kernels"), (#""slow""#, "recipe"), ("[1]", "recipe"), ("{", "body"),
        ])
    func `a wrong key is named`(json: String, field: String) throws {
        let error = #expect(throws: TrainingError.self) { try recipe(json) }
        guard case .invalid(let named, _) = error else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        #expect(named == field)
    }

    @Test(
        arguments: [
            (#"{"statistics":"x"}"#, #"one of "running", "current", "auto" is expected"#),
            (#"{"levels":9}"#, #"from 1 to 7 or "auto" is expected"#),
            ("5", "a preset's name or an object is expected"),
            (#"{"pooling":[[3,1,1]]}"#, "neither 1 nor 2"), (#"{"kernels":[[3,2,3]]}"#, "neither 1 nor 3"),
        ])
    func `all that would be right is said`(json: String, words: String) throws {
        let error = #expect(throws: TrainingError.self) { try recipe(json) }
        #expect(error?.description.contains(words) == true)
    }

    @Test(
        arguments: [
            (#"{"pooling":[[1,2,2]],"levels":3}"#, "pooling"), (#"{"kernels":[[3,3,3]],"levels":2}"#, "kernels"),
            (#"{"pooling":[[2,2,2]],"dimensions":2}"#, "pooling"),
        ])
    func `sizes that no network has are refused by their key`(json: String, field: String) throws {
        let wanted = try recipe(json)
        let error = #expect(throws: TrainingError.self) {
            try wanted.resolved(for: [header(64, 64, 64)], classes: 2)
        }
        guard case .invalid(let named, _) = error else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        #expect(named == field)
    }

    @Test func `auto values follow the volume`() throws {
        let cube = try Preset.default.recipe.resolved(for: [header(100, 100, 100)], classes: 2)
        let aim = try #require(cube.patch.value)
        #expect(aim.z == aim.y && aim.y == aim.x)
        #expect(cube.augmentation.mirror == .fixed(Axis.allCases))
        let thin = try Preset.default.recipe.resolved(for: [header(20, 256, 256)], classes: 5)
        let patch = try #require(thin.patch.value)
        #expect(patch.z == 20 && patch.y == aim.y && patch.y == patch.x)
        for recipe in [cube, thin] {
            #expect(recipe.augmentation.rotation == .fixed(0) && !recipe.augmentation.warps)
        }
        let tiny = try Preset.default.recipe.resolved(for: [header(35, 51, 35)], classes: 2)
        #expect(tiny.augmentation.rotation == .fixed(15) && tiny.augmentation.warps, "a patch holds all of it")
        let still = try recipe(#"{"augmentation":{"rotation":0,"scale":[1,1]}}"#)
        #expect(try !still.resolved(for: [header(35, 51, 35)], classes: 2).augmentation.warps)
        let plane = try Preset.default.recipe.resolved(for: [header(1, 300, 300)], classes: 2)
        #expect(try #require(plane.patch.value).z <= 8)
        let small = try recipe(#"{"levels":4}"#).resolved(for: [header(5, 40, 40)], classes: 2)
        #expect(small.pooling == .fixed([[2, 2, 2], [1, 2, 2], [1, 2, 2]]))
        #expect(try #require(small.patch.value).z == 6)
    }

    @Test func `pooling and kernels follow the spacing`() throws {
        var volume = header(20, 256, 256)
        volume.spacing = Spacing(z: 5, y: 1, x: 1)
        let wanted = try recipe(#"{"levels":4,"pooling":"auto","kernels":"auto"}"#)
        let flat = try wanted.resolved(for: [volume], classes: 2)
        #expect(flat.pooling == .fixed([[1, 2, 2], [1, 2, 2], [2, 2, 2]]))
        #expect(flat.kernels == .fixed([[1, 3, 3], [1, 3, 3], [3, 3, 3], [3, 3, 3]]))
        #expect(try flat.configuration(channels: 1, classes: 2).graph.multiple == (z: 2, y: 8, x: 8))
        // Equal spacings make the network that it was before.
        let cube = try wanted.resolved(for: [header(100, 100, 100)], classes: 2)
        let plain = try recipe(#"{"levels":4}"#).resolved(for: [header(100, 100, 100)], classes: 2)
        let configuration = try cube.configuration(channels: 1, classes: 2)
        #expect(try configuration == plain.configuration(channels: 1, classes: 2))
        // So do those that differ a little.
        var near = header(100, 100, 100)
        near.spacing = Spacing(z: 2.9, y: 1, x: 1)
        #expect(try wanted.resolved(for: [near], classes: 2).kernels.value?.joined().contains(1) == false)
        // Five planes are pooled once, the others as often as wanted.
        let thin = try wanted.resolved(for: [header(5, 100, 100)], classes: 2)
        #expect(thin.pooling == .fixed([[2, 2, 2], [1, 2, 2], [1, 2, 2]]))
        // The kernels stay whole where only the other axes are pooled.
        #expect(thin.kernels == .fixed(Array(repeating: [3, 3, 3], count: 4)))
        let planar = try recipe(#"{"levels":3,"dimensions":2}"#).resolved(for: [volume], classes: 2)
        #expect(planar.kernels == .fixed([[1, 3, 3], [1, 3, 3], [1, 3, 3]]))
        // A given length decides the levels.
        let given = try recipe(#"{"pooling":[[1,2,2]]}"#).resolved(for: [volume], classes: 2)
        #expect(given.levels == .fixed(2))
        #expect(throws: TrainingError.self) {
            try recipe(#"{"pooling":[[1,2,2]],"levels":3}"#).resolved(for: [volume], classes: 2)
        }
    }

    @Test func `patches are what the network takes`() throws {
        for padding in ["same", "valid"] {
            for extent in [(100, 100, 100), (20, 256, 256), (1, 64, 64), (7, 9, 300)] {
                let recipe = try recipe(#"{"padding":"\#(padding)","levels":3}"#)
                    .resolved(for: [header(extent.0, extent.1, extent.2)], classes: 2)
                let patch = try #require(recipe.patch.value)
                let shape = try recipe.configuration(channels: 1, classes: 2).graph
                #expect(throws: Never.self) { try shape.output(for: patch) }
            }
        }
    }

    @Test func `volumes of different channels do not go together`() throws {
        #expect(throws: TrainingError.self) {
            try Preset.default.recipe.resolved(for: [header(9, 9, 9), header(9, 9, 9, channels: 3)], classes: 2)
        }
    }

    @Test func `balanced weights hear the rare class more, and unseen classes not at all`() throws {
        var loss = Preset.default.recipe.loss
        loss.classWeights = .balanced
        let weights = try loss.weights(counts: [900, 100, 0])
        #expect(abs(weights[1] / weights[0] - 3) < 1e-5)
        #expect(weights[2] == 0)
        #expect(abs(weights[0] + weights[1] - 2) < 1e-5)
        loss.classWeights = .inverse
        let inverse = try loss.weights(counts: [900, 100, 0])
        #expect(abs(inverse[1] / inverse[0] - 9) < 1e-5)
        loss.classWeights = .fixed([1])
        #expect(throws: TrainingError.self) { try loss.weights(counts: [1, 2]) }
    }
}
