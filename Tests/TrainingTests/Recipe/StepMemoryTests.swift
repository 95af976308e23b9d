import Foundation
import Network
import Tensors
import Testing
import Training
import Volumes

/// What is planned for the memory of steps, and what a learner takes.
@Suite(.serialized) struct StepMemoryTests {
    private let header = VolumeHeader(channels: 1, extent: Extent(z: 100, y: 100, x: 100), element: .uint8)

    @Test(arguments: [
        #""default""#, #""fast""#, #""accurate""#, #"{"sampling":{"band":null}}"#, #"{"base":16,"levels":2}"#,
        #"{"base":16,"levels":2,"sampling":{"band":null}}"#, #"{"base":16,"levels":2,"precision":"bf16"}"#,
        #"{"base":32,"precision":"bf16"}"#, #"{"base":16,"precision":"bf16","sampling":{"band":null}}"#,
        #"{"base":16,"batch":2}"#, #"{"preset":"fast","batch":3}"#, #"{"preset":"fast","batch":2,"precision":"bf16"}"#,
        #"{"dimensions":2}"#, #"{"dimensions":2,"precision":"bf16"}"#, #"{"base":16,"norm":"none"}"#,
        #"{"base":16,"padding":"valid","sampling":{"slab":null,"band":null}}"#,
        #"{"base":32,"padding":"valid","precision":"bf16","sampling":{"slab":null,"band":null}}"#,
    ])
    func `steps take what is planned for them, and less than twice that`(json: String) throws {
        let recipe = try Recipe(json: Data(json.utf8)).resolved(for: [header], classes: 2)
        try check(recipe, slicesOn: Set(Axis.allCases), of: header)
    }

    @Test func `patches of six shapes take what is planned for one`() throws {
        let header = VolumeHeader(channels: 1, extent: Extent(z: 64, y: 192, x: 192), element: .uint8)
        let recipe = try Preset.default.recipe.resolved(for: [header], classes: 2)
        #expect(try check(recipe, slicesOn: Set(Axis.allCases), of: header) == 6)
    }

    /// Has a learner plan passes for all shapes, and returns how many there are.
    @discardableResult
    private func check(_ recipe: Recipe, slicesOn axes: Set<Axis>, of header: VolumeHeader) throws -> Int {
        let shapes = try recipe.patchShapes(for: [header], classes: 2, slicesOn: axes)
        var random = Random(seed: 1)
        let network = try UNet(recipe.configuration(channels: 1, classes: 2), using: &random)
        let learner = try Engine(threads: 2).makeLearner(
            for: network,
            LearnerSettings(
                classWeights: [1, 1], dice: 1, deep: recipe.loss.deep, optimizer: .adam(),
                roundsActivations: recipe.precision == .bf16))
        let weights = learner.byteCount
        for shape in shapes.keys {
            let (image, labels) = (shape.image, shape.labels)
            let input = Shape(batch: recipe.batch, channels: 1, depth: image.z, height: image.y, width: image.x)
            try learner.load(
                PassShape(input: input, centre: [labels.z, labels.y, labels.x]),
                images: [Float](repeating: 0, count: input.count),
                labels: [UInt8](repeating: 255, count: recipe.batch * labels.voxels))
        }
        let taken = learner.byteCount - weights
        let planned = try #require(recipe.activationBytes(for: [header], classes: 2, slicesOn: axes))
        #expect(planned <= taken && taken < 2 * planned, "\(taken) bytes in \(shapes.count) shapes")
        return shapes.count
    }
}
